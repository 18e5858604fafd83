import { readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { MnistOdeRow } from "../../src/experiments/mnist-ode/mnist-ode-row.js";
import { readRows } from "../../src/experiments/result-files.js";
import { temporaryFolder } from "../training/temporary-folder.js";
import { buildGlassbox, filesIn, glassbox } from "./glassbox.js";

beforeAll(buildGlassbox, 120_000);

/** A sweep of so few and small runs that it takes seconds. */
const tiny = (out: string, methods: string): string[] => [
  ...["sweep", "mnist-ode", "--preset", "smoke", "--epochs", "1", "--methods", methods],
  ...["--seeds", "1..2", "--jobs", "2", "--out", out],
];

/** What has to repeat: everything but times, and what the machine is. */
const metricsOf = ({ timing, provenance, ...metrics }: MnistOdeRow) => metrics;

/** Rows of a folder in the order of their configurations. */
async function metricsIn(folder: string) {
  const rows = (await readRows("mnist-ode", folder)).map(metricsOf);
  return rows.sort((a, b) => (a.configuration < b.configuration ? -1 : 1));
}

describe("a sweep", () => {
  it("makes the rows of its grid and nothing else; a second one has nothing to do", async () => {
    const folder = temporaryFolder();
    const first = await glassbox(tiny(folder, "linear"));
    expect([first.code, first.stdout]).toEqual([0, "2 of 2 rows are there\n"]);
    expect(first.stderr).toMatch(/linear seed 1: done in \d+ s/);
    expect((await metricsIn(folder)).map(({ method, seed }) => [method, seed]).sort()).toEqual([
      ["linear", 1],
      ["linear", 2],
    ]);
    const files = filesIn(folder);
    expect(files).toHaveLength(2);
    const times = files.map((name) => statSync(join(folder, name)).mtimeMs);

    const second = await glassbox(tiny(folder, "linear"));
    expect(second).toEqual({ code: 0, stdout: "2 of 2 rows are there\n", stderr: "" });
    expect(files.map((name) => statSync(join(folder, name)).mtimeMs)).toEqual(times);
  });

  it("knows rows by their configuration, whatever their files are called, and makes the one that is missing", async () => {
    const folder = temporaryFolder();
    await glassbox(tiny(folder, "linear"));
    const [gone, kept] = filesIn(folder);
    unlinkSync(join(folder, gone));
    const { stderr } = await glassbox(tiny(folder, "linear"));
    expect(stderr.match(/: started/g)).toHaveLength(1);
    expect(filesIn(folder)).toEqual([gone, kept].sort());
  });

  it("with --dry-run says what would run, for how long, and makes nothing", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "rows");
    const grid = ["--methods", "vanilla,ernode", "--seeds", "1,7", "--weights", "1,3x", "--jobs", "2"];
    const { code, stdout } = await glassbox(["sweep", "mnist-ode", ...grid, "--out", out, "--dry-run"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(2, -1).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual(
      [1, 7].flatMap((seed) => [
        ["vanilla", "0", `${seed}`],
        ["ernode", "1", `${seed}`],
        ["ernode", "3", `${seed}`],
      ]),
    );
    // rows of this preset come with glassbox
    expect(lines.pop()).toMatch(/^6 of 6 rows to make, 0 there; 2 at a time, about \d+ (s|min)/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("goes on when a run fails, says why, and ends with code 1; its workers do as --on-failure says", async () => {
    const folder = temporaryFolder();
    const grid = ["--preset", "smoke", "--epochs", "1", "--methods", "linear,ernode", "--weights", "1e308"];
    const sweep = ["sweep", "mnist-ode", ...grid, "--jobs", "1", "--out", folder];
    const outcome = await glassbox(sweep);
    expect([outcome.code, outcome.stdout]).toEqual([1, ""]);
    expect(outcome.stderr).toContain(
      "glassbox: 1 of 2 rows are there, 1 failed; ernode weight 1e+308 seed 1: training",
    );
    expect((await metricsIn(folder)).map(({ method }) => method)).toEqual(["linear"]);

    const { code, stdout } = await glassbox([...sweep, "--on-failure", "skip"]);
    expect([code, stdout]).toEqual([0, "2 of 2 rows are there\n"]);
    const [{ incidents = [] }] = (await metricsIn(folder)).filter(({ method }) => method === "ernode");
    expect(incidents.map(({ iteration, action }) => `${iteration} ${action}`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((iteration) => `${iteration} skip`),
    );
  }, 120_000);

  it("stopped by Ctrl-C ends its workers and says how to go on", async () => {
    const folder = temporaryFolder();
    const endless = ["--preset", "smoke", "--epochs", "2000", "--methods", "vanilla", "--out", folder];
    let told = false;
    const outcome = await glassbox(["sweep", "mnist-ode", ...endless], {
      onStderr: (text, child) => {
        if (!told && text.includes("started")) told = child.kill("SIGINT");
      },
    });
    expect(outcome.code).toBe(130);
    expect(outcome.stderr).toContain("stopped; 0 of 1 rows are there; the same command goes on");
    expect(filesIn(folder).filter((name) => name.endsWith(".json"))).toEqual([]);
  });
});
