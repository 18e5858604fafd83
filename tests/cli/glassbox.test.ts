import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { mnistOde } from "../../src/experiments/mnist-ode/mnist-ode.js";
import type { MnistOdeRow } from "../../src/experiments/mnist-ode/mnist-ode-row.js";
import { writeRow } from "../../src/experiments/result-files.js";
import type { Incident } from "../../src/training/failure-policy.js";
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

/** A row whose hash is that of its run. */
function rowOf(choices: { readonly method: string }): MnistOdeRow {
  return { ...completeRow, ...mnistOde.identity({ preset: "quick", seed: 1, ...choices }) };
}

/** What has to repeat of the row on the last line: everything but times, and what the machine is. */
function metricsOf(stdout: string): unknown {
  const { timing, provenance, ...metrics } = JSON.parse(stdout.trimEnd().split("\n").pop() as string);
  return metrics;
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
    for (const word of [
      "glassbox run",
      "glassbox sweep",
      "glassbox report",
      "--method",
      "mnist-ode",
      "published",
    ])
      expect(stdout).toContain(word);
  });

  it.each<[string[], string]>([
    [["fly"], 'glassbox: unknown command "fly"; try: glassbox help'],
    [["constructor"], 'unknown command "constructor"'],
    [["sweep", "mnist-ode"], "--out is missing; it is the folder of the rows"],
    [["report", "mnist-ode", "--from", "/no/such/folder"], "results cannot be read from /no/such/folder"],
  ])("called as %j says what is wrong", async (args, sentence) => {
    expectSentence(await glassbox(args), sentence);
  });
});

describe("glassbox run", () => {
  it("writes a row, and prints progress as JSON lines and the same row as the last one", async () => {
    const out = join(temporaryFolder(), "new", "row.json");
    const { code, stdout, stderr } = await glassbox([...smoke, "--method", "ernode", "--json", "--out", out]);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const row = lines.pop();
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(row);
    expect(lines[0]).toEqual({
      event: "note",
      text: expect.stringContaining("embedded digits: 512 of 8,000"),
    });
    expect(lines[lines.length - 1]).toMatchObject({ event: "progress", iteration: 8, iterations: 8 });
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
  });

  it("without --json prints a summary, and progress on stderr", async () => {
    const { code, stdout, stderr } = await glassbox([...smoke, "--method", "linear", "--seed", "2"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^linear: test accuracy % [\d.]+, train accuracy % [\d.]+, [\d.]+ s of training\n$/,
    );
    expect(stderr).toContain("embedded digits: 512 of 8,000 training and 256 of 2,000 test images");
    expect(stderr).toMatch(/linear seed 2 .*8\/8 .*loss \d\.\d{4} .*accuracy [\d.]+ %/);
    expect(stderr).not.toContain("\x1b");
  });

  it("given as JSON is the run that the options describe", async () => {
    const config = { experiment: "mnist-ode", method: "linear", preset: "smoke", seed: 2, epochs: 1 };
    const asJson = await glassbox(["run", "--config", JSON.stringify(config), "--json"]);
    const byOptions = await glassbox([...smoke, "--method", "linear", "--seed", "2", "--json"]);
    const [a, b] = [asJson, byOptions].map(({ stdout }) => metricsOf(stdout));
    expect(a).toEqual(b);
  });

  it("goes on from its checkpoint to the same row", async () => {
    const folder = temporaryFolder();
    const checkpoint = join(folder, "training.safetensors");
    const twoEpochs = ["run", "mnist-ode", "--preset", "smoke", "--epochs", "2"];
    const vanilla = [...twoEpochs, "--method", "vanilla", "--threads", "1", "--json"];
    const resumed = [...vanilla, "--checkpoint", checkpoint, "--resume"];
    const killed = await glassbox(resumed, {
      onStdout: (text, child) => {
        if (text.includes('"iteration":8,')) child.kill("SIGINT");
      },
    });
    expect([killed.code, killed.stderr]).toEqual([130, expect.stringContaining(`is in ${checkpoint}`)]);
    expect(readdirSync(folder)).toEqual(["training.safetensors"]);
    const [whole, inParts] = await Promise.all([glassbox(vanilla), glassbox(resumed)]);
    expect(metricsOf(inParts.stdout)).toEqual(metricsOf(whole.stdout));
    const again = await glassbox([...vanilla, "--checkpoint", checkpoint]);
    expect(again.stderr).toContain(`there is a checkpoint at ${checkpoint} already`);
  });

  it("whose supervisor is gone ends at its next word, with an error", async () => {
    const endless = ["run", "mnist-ode", "--method", "vanilla", "--preset", "smoke", "--epochs", "1000"];
    const outcome = await glassbox([...endless, "--json"], { onStart: (child) => child.stdout?.destroy() });
    expect(outcome).toMatchObject({ code: 74, stderr: "" });
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
    const incident: Incident = {
      iteration: 7,
      reason: "the loss is NaN",
      action: "skip",
      continuedAfter: 7,
      learningRateFactor: 1,
    };
    for (const method of ["linear", "vanilla", "ernode"]) {
      await writeRow(join(folder, `${method}.json`), { ...rowOf({ method }), incidents: [incident] });
    }
    const { code, stdout, stderr } = await glassbox(["report", "mnist-ode", "--from", folder]);
    expect([code, stderr]).toEqual([0, ""]);
    const words = [
      "linear",
      "vanilla",
      "ernode",
      "NFE",
      "test accuracy",
      "float64",
      "vanilla seed 1 (quick): 1",
    ];
    for (const word of words) expect(stdout).toContain(word);
  });

  it("leaves out rows whose preset has changed since, and says so", async () => {
    const folder = temporaryFolder();
    await writeRow(join(folder, "now.json"), rowOf({ method: "linear" }));
    await writeRow(join(folder, "then.json"), completeRow);
    const { stdout } = await glassbox(["report", "mnist-ode", "--from", folder]);
    expect(stdout).toMatch(/^linear /m);
    expect(stdout).not.toMatch(/^vanilla /m);
    expect(stdout).toContain("1 rows of earlier definitions of their presets are left out");
  });

  it("with --chart writes specifications and pictures", async () => {
    const folder = temporaryFolder();
    for (const method of ["vanilla", "ernode"])
      await writeRow(join(folder, `${method}.json`), rowOf({ method }));
    const charts = join(folder, "charts");
    const { code } = await glassbox(["report", "mnist-ode", "--from", folder, "--chart", charts]);
    expect(code).toBe(0);
    const names = readdirSync(charts);
    for (const name of names.filter((each) => each.endsWith(".vl.json"))) {
      expect(JSON.parse(readFileSync(join(charts, name), "utf8")).$schema).toContain("vega-lite/v5");
      expect(names).toContain(name.replace(".vl.json", ".png"));
    }
    expect(names.length).toBe(6);
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
