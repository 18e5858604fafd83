import { describe, expect, it } from "vitest";
import { typeCheckCells } from "../../scripts/notebooks/type-check.mjs";

const check = (...sources: string[]) =>
  typeCheckCells(
    sources.map((source, i) => ({ index: 2 * i + 1, source })),
    "notebooks/sample.ipynb",
  );

describe("the strict type check of notebook cells", () => {
  it("accepts cells that use names of earlier cells", () => {
    expect(
      check("const xs = [1, 2, 3];", "const sum = xs.reduce((a, b) => a + b);\nconsole.log(sum);"),
    ).toEqual([]);
  });

  it("accepts top-level await and packages", () => {
    expect(check('import { setTimeout } from "node:timers/promises";', "await setTimeout(1);")).toEqual([]);
  });

  it("refuses what only a strict compiler sees, and says in which cell", () => {
    const [fault, ...others] = check(
      "const found = [1, 2].find((x) => x > 1);",
      "console.log(1);\nconst y: number = found;",
    );
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ cell: 3, line: 2, column: 7 });
    expect(fault.message).toContain("'number | undefined' is not assignable to type 'number'");
  });

  it("refuses an implicit any", () => {
    expect(check("const twice = (x) => 2 * x;")[0].message).toContain("implicitly has an 'any' type");
  });

  it("refuses the browser's names, which the kernel does not have", () => {
    expect(check("console.log(document.title);")[0].message).toContain("Cannot find name 'document'");
  });

  it("reports a syntax error", () => {
    expect(check("const x = ;")[0]).toMatchObject({ cell: 1, line: 1, message: "Expression expected." });
  });
});
