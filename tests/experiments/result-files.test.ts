import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ResultError, readRows, requireWritable, writeRow } from "../../src/experiments/result-files.js";
import { completeRow as row } from "./complete-row.js";

/** An empty folder that is removed when the test ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-results-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The error with which something ends; its message is one line that names the path. */
async function failure(of: Promise<unknown>, path: string): Promise<string> {
  const error = await of.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ResultError);
  const { message } = error as ResultError;
  expect(message).toContain(path);
  expect(message).not.toContain("\n");
  return message;
}

describe("a written row", () => {
  it("is read back as it was, from whatever depth, in the order of file names", async () => {
    const folder = temporaryFolder();
    const rows = [1, 2, 3].map((seed) => ({ ...row, seed }));
    await writeRow(join(folder, "b.json"), rows[2]);
    await writeRow(join(folder, "a", "deep", "2.json"), rows[1]);
    await writeRow(join(folder, "a", "deep", "1.json"), rows[0]);
    expect(await readRows("mnist-ode", folder)).toEqual(rows);
  });

  it("replaces an earlier one, and leaves no other file beside it", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "row.json");
    await writeRow(path, { ...row, seed: 1 });
    await writeRow(path, { ...row, seed: 2 });
    expect(readdirSync(folder)).toEqual(["row.json"]);
    expect((await readRows("mnist-ode", folder)).map(({ seed }) => seed)).toEqual([2]);
  });
});

describe("a row that cannot be written", () => {
  it("leaves the earlier file untouched, and nothing beside it", async () => {
    const folder = temporaryFolder();
    // the longest name there can be: that of the unfinished file beside it is too long
    const path = join(folder, `${"n".repeat(250)}.json`);
    writeFileSync(path, "earlier");
    expect(await failure(writeRow(path, row), path)).toContain("the result could not be written to");
    expect(readFileSync(path, "utf8")).toBe("earlier");
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("to a place that is a folder leaves that alone", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "row.json");
    mkdirSync(join(path, "inside"), { recursive: true });
    await failure(writeRow(path, row), path);
    expect(readdirSync(folder)).toEqual(["row.json"]);
    expect(readdirSync(path)).toEqual(["inside"]);
  });

  it("below a file says so", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "content");
    await failure(writeRow(join(file, "row.json"), row), join(file, "row.json"));
    expect(readFileSync(file, "utf8")).toBe("content");
  });
});

describe("the check before a run", () => {
  it("accepts new files, in new folders too, and existing files; it makes nothing", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "old.json"), "earlier");
    for (const path of ["new.json", "old.json", "a/b/c.json"]) await requireWritable(join(folder, path));
    expect(readdirSync(folder)).toEqual(["old.json"]);
    expect(readFileSync(join(folder, "old.json"), "utf8")).toBe("earlier");
  });

  it("refuses a folder, and a place below a file", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    expect(await failure(requireWritable(folder), folder)).toContain(
      "it is a folder; give the name of a file",
    );
    const below = join(folder, "file", "a", "row.json");
    expect(await failure(requireWritable(below), below)).toContain(`${join(folder, "file")} is no folder`);
  });
});

describe("reading rows", () => {
  it("leaves out other experiments, charts, and files that are not JSON by name", async () => {
    const folder = temporaryFolder();
    await writeRow(join(folder, "other.json"), { ...row, experiment: "other" });
    writeFileSync(join(folder, "README.md"), "about these rows");
    writeFileSync(join(folder, "chart.vl.json"), "{}");
    expect(await readRows("mnist-ode", folder)).toEqual([]);
  });

  it.each([
    ["text", "not JSON"],
    ["a truncated row", JSON.stringify(row).slice(0, -20)],
    ["a list", JSON.stringify([row])],
    ["a row without a number", JSON.stringify({ ...row, testAccuracy: Number.NaN })],
    ["another object", "{}"],
  ])("refuses %s, and names the file", async (_, content) => {
    const folder = temporaryFolder();
    await writeRow(join(folder, "a.json"), row);
    writeFileSync(join(folder, "b.json"), content);
    const message = await failure(readRows("mnist-ode", folder), join(folder, "b.json"));
    expect(message).toContain('is not a result row: it must hold one JSON object written by "glassbox run"');
  });

  it("from a place that is no folder says so", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    for (const name of ["missing", "file"]) {
      const path = join(folder, name);
      expect(await failure(readRows("mnist-ode", path), path)).toContain("results cannot be read from");
    }
  });
});

describe("the rows that come with glassbox", () => {
  it("are rows, no two of the same configuration", async () => {
    const rows = await readRows("mnist-ode");
    expect(new Set(rows.map(({ configuration }) => configuration)).size).toBe(rows.length);
  });
});
