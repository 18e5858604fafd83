import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import { findOutputFaults } from "../../scripts/notebooks/outputs.mjs";

type Output = { output_type: string; name?: string; text?: string };

const cell = (execution_count: number | null, outputs: Output[] = [], metadata: object = {}) => ({
  cell_type: "code",
  execution_count,
  metadata,
  outputs,
});
const prose = { cell_type: "markdown", metadata: {} };
const notebook = (cells: (typeof prose | ReturnType<typeof cell>)[], name = "tslab") => ({
  cells,
  metadata: { kernelspec: { name } },
});
const print = (text: string, name = "stdout") => ({ output_type: "stream", name, text });

describe("what committed outputs may not hold", () => {
  it("accepts a notebook run as a whole, and one never run", () => {
    expect(findOutputFaults(notebook([prose, cell(1, [print("1")]), prose, cell(2)]))).toEqual([]);
    expect(findOutputFaults(notebook([prose, cell(null), cell(null)]))).toEqual([]);
  });

  it.each([
    ["another kernel", notebook([cell(1)], "python3"), 0, "not tslab"],
    ["timings", notebook([prose, cell(1, [], { execution: {} })]), 1, "holds timings"],
    ["standard error", notebook([cell(1, [print("a warning", "stderr")])]), 0, "stderr"],
    ["the home folder", notebook([cell(1, [print(`at ${homedir()}/secret`)])]), 0, "names a folder"],
    ["the repository's folder", notebook([cell(1, [print(`at ${process.cwd()}/src`)])]), 0, "names a folder"],
    ["cells run out of order", notebook([cell(1), cell(3)]), 1, "has the count 3, not 2"],
    ["a cell not run", notebook([cell(1), prose, cell(null)]), 2, "has the count null, not 2"],
  ])("finds %s", (_, book, where, words) => {
    const [fault] = findOutputFaults(book);
    expect(fault.cell).toBe(where);
    expect(fault.message).toContain(words);
  });
});
