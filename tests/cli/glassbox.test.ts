import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { writeRow } from "../../src/experiments/result-files.js";
import { completeRow } from "../experiments/complete-row.js";
import { buildGlassbox, glassbox, type Outcome } from "./glassbox.js";

const smoke = ["run", "mnist-ode", "--preset", "smoke", "--epochs", "1"];

beforeAll(buildGlassbox, 120_000);

/** An empty folder that is removed when the test ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A failure as users should see it: exit code 1, nothing on stdout, one sentence at the end of stderr, no stack trace. */
function expectSentence({ code, stdout, stderr }: Outcome, sentence: string): void {
  const lines = stderr.trimEnd().split("\n");
  expect(lines[lines.length - 1]).toContain(sentence);
  expect(lines.filter((line) => line.startsWith("glassbox: "))).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect([code, stdout]).toEqual([1, ""]);
}

describe("glassbox", () => {
  it.each([[[]], [["help"]], [["--help"]]])("called as %j explains itself", async (args) => {
    const { code, stdout, stderr } = await glassbox(args);
    expect([code, stderr]).toEqual([0, ""]);
    for (const word of ["glassbox run", "glassbox report", "--method", "--json"])
      expect(stdout).toContain(word);
  });

  const wrong: [string[], string][] = [
    [["fly"], 'glassbox: unknown command "fly"; try: glassbox help'],
    [["constructor"], 'unknown command "constructor"'],
    [["run"], "unknown experiment (none given); there is mnist-ode"],
    [["run", "cifar"], 'unknown experiment "cifar"; there is mnist-ode'],
    [["run", "mnist-ode"], "--method is missing; it is linear, vanilla or ernode"],
    [[...smoke, "--method", "nonsense"], "method must be one of linear, vanilla, ernode, got nonsense"],
    [
      [...smoke, "--method", "linear", "--preset", "toString"],
      "preset must be one of smoke, quick, full, published",
    ],
    [[...smoke, "--method", "linear", "--seed", "one"], '--seed must be a number, got "one"'],
    [[...smoke, "--method", "linear", "--seed", "0.5"], "seed must be a whole number, at least 0, got 0.5"],
    [[...smoke, "--method", "linear", "--seed=-1"], "seed must be a whole number, at least 0, got -1"],
    [[...smoke, "--method", "linear", "--seed", "-1"], "try: glassbox help"],
    [[...smoke, "--method", "linear", "--epochs", ""], '--epochs must be a number, got ""'],
    [[...smoke, "--method", "linear", "--epochs", "0"], "epochs must be a whole number, at least 1, got 0"],
    [[...smoke, "--method", "vanilla", "--weight", "1"], "weight must be left out for the method vanilla"],
    [[...smoke, "--method", "ernode", "--weight", "0"], "weight must be a positive number"],
    [[...smoke, "--method", "linear", "--colour"], "Unknown option '--colour'"],
    [[...smoke, "--method", "linear", "more"], 'unexpected argument "more"'],
    [["report", "mnist-ode", "--from", "/no/such/folder"], "results cannot be read from /no/such/folder"],
  ];
  it.each(wrong)("called as %j says what is wrong", async (args, sentence) => {
    expectSentence(await glassbox(args), sentence);
  });
});

describe("glassbox run", () => {
  it("writes a row, and prints the same one as the last line", async () => {
    const out = join(temporaryFolder(), "new", "row.json");
    const { code, stdout, stderr } = await glassbox([...smoke, "--method", "ernode", "--json", "--out", out]);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    const row = JSON.parse(stdout);
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(row);
    const issued =
      "experiment method preset seed epochs weight rtol precision controller target configuration trainAccuracy " +
      "testAccuracy nfe nfeProbe curve timing provenance";
    expect(Object.keys(row).sort()).toEqual([...issued.split(" "), "resolved"].sort());
    expect(row).toMatchObject({
      experiment: "mnist-ode",
      method: "ernode",
      preset: "smoke",
      seed: 1,
      epochs: 1,
    });
    expect(stderr).toContain("embedded digits: 512 of 8,000 training and 256 of 2,000 test images");
    expect(stderr).toMatch(
      /ernode seed 1 {2}epoch 1\.00 {2}8\/8 {2}loss \d\.\d{4} {2}accuracy [\d.]+ % {2}NFE \d+ {2}0 s left/,
    );
    expect(stderr).not.toContain("\x1b");
  });

  it("without --json prints a summary", async () => {
    const { code, stdout } = await glassbox([...smoke, "--method", "linear", "--seed", "2"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^linear: test [\d.]+ %, training [\d.]+ %, NFE 0 \(probe 0\), [\d.]+ s of training\n$/,
    );
  });

  it("whose result could not be written says so before it trains, and leaves everything as it was", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "an earlier result");
    for (const out of [join(file, "row.json"), folder]) {
      const outcome = await glassbox([...smoke, "--method", "linear", "--out", out]);
      expectSentence(outcome, `the result could not be written to ${out}`);
      expect(outcome.stderr).not.toContain("epoch");
    }
    expect(readdirSync(folder)).toEqual(["file"]);
    expect(readFileSync(file, "utf8")).toBe("an earlier result");
  });

  it("whose place is lost while it trains says so, and leaves nothing beside it", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "row.json");
    const outcome = await glassbox([...smoke, "--method", "linear", "--out", out], {
      onStderr: () => mkdirSync(join(out, "in the way"), { recursive: true }),
    });
    expectSentence(outcome, `the result could not be written to ${out}`);
    expect(readdirSync(folder)).toEqual(["row.json"]);
    expect(readdirSync(out)).toEqual(["in the way"]);
  });

  it("whose training explodes says at which iteration, and leaves an earlier result untouched", async () => {
    const out = join(temporaryFolder(), "row.json");
    writeFileSync(out, "an earlier result");
    const outcome = await glassbox([...smoke, "--method", "ernode", "--weight", "1e308", "--out", out]);
    expectSentence(outcome, "glassbox: training stopped at iteration ");
    expect(outcome.stderr).toContain("a smaller learning rate or penalty weight may prevent it");
    expect(readFileSync(out, "utf8")).toBe("an earlier result");
  });

  it("with a damaged data file names it", async () => {
    const folder = temporaryFolder();
    const names = ["train-images", "t10k-images"].map((name) => `${name}-idx3-ubyte.gz`);
    names.push(...["train-labels", "t10k-labels"].map((name) => `${name}-idx1-ubyte.gz`));
    for (const name of names) writeFileSync(join(folder, name), "not what was published");
    const args = ["run", "mnist-ode", "--method", "linear", "--preset", "full"];
    const outcome = await glassbox(args, { env: { GLASSBOX_DATA: folder } });
    expectSentence(outcome, "is damaged: expected ");
    expect(outcome.stderr).toContain(`glassbox: ${folder}/`);
  });

  it.each([
    ["while it trains", "epoch 0.00"],
    ["before it trains", "embedded digits"],
  ])("stopped by Ctrl-C %s ends with code 130 and writes nothing", async (_, moment) => {
    const folder = temporaryFolder();
    let told = false;
    const outcome = await glassbox(
      [
        "run",
        "mnist-ode",
        "--method",
        "vanilla",
        "--preset",
        "smoke",
        "--epochs",
        "1000",
        "--out",
        join(folder, "row.json"),
      ],
      {
        onStderr: (text, child) => {
          if (!told && text.includes(moment)) told = child.kill("SIGINT");
        },
      },
    );
    expect([outcome.code, outcome.stdout]).toEqual([130, ""]);
    expect(outcome.stderr).toContain("glassbox: stopped; nothing was written");
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("glassbox report", () => {
  it("prints the tables of a folder's rows", async () => {
    const folder = temporaryFolder();
    for (const method of ["linear", "vanilla", "ernode"]) {
      await writeRow(join(folder, `${method}.json`), { ...completeRow, method, configuration: method });
    }
    const { code, stdout, stderr } = await glassbox(["report", "mnist-ode", "--from", folder]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const word of ["linear", "vanilla", "ernode", "NFE", "test accuracy", "float64"])
      expect(stdout).toContain(word);
  });

  it("with --json prints the rows themselves", async () => {
    const folder = temporaryFolder();
    await writeRow(join(folder, "row.json"), completeRow);
    const { code, stdout } = await glassbox(["report", "mnist-ode", "--from", folder, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([completeRow]);
  });

  it("names a file that is no row, and a folder without rows", async () => {
    const folder = temporaryFolder();
    const command = ["report", "mnist-ode", "--from", folder];
    expectSentence(await glassbox(command), `no rows of mnist-ode in ${folder}`);
    writeFileSync(join(folder, "broken.json"), "{");
    expectSentence(await glassbox(command), `${join(folder, "broken.json")} is not a result row`);
  });

  it("whose reader has seen enough ends in silence", async () => {
    const folder = temporaryFolder();
    // more than a pipe holds
    const curve = Array.from({ length: 5000 }, () => completeRow.curve[0]);
    await writeRow(join(folder, "row.json"), { ...completeRow, curve });
    const outcome = await glassbox(["report", "mnist-ode", "--from", folder, "--json"], {
      onStart: (child) => child.stdout?.destroy(),
    });
    expect(outcome).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
