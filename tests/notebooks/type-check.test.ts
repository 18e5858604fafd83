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

  const earlier =
    "type Point = { r: number };\nconst rows = [{ r: 2 }];\nconst twice = (x: number) => ({ r: 2 * x });";

  it.each([
    "const { r: q } = twice(1);\nconsole.log(q);",
    "for (const { r: q } of rows) console.log(q);",
    "for (const [i, { r: q }] of rows.entries()) console.log(i, q);",
    "console.log(rows.map(({ r: q }) => twice(q)));",
    "const show = ({ r: q = 1 }: Point) => twice(q);\nconsole.log(show({ r: 1 }));",
  ])("refuses to rename a property that an earlier cell declared: %j", (cell) => {
    const faults = check(earlier, cell);
    expect(faults.map(({ message }) => message)).toEqual([
      "take the property by its own name, or by a dot: " +
        "renaming a property that an earlier cell declared hides all names of earlier cells",
    ]);
    expect(faults[0].cell).toBe(3);
  });

  it.each([
    "for (const { r } of rows) console.log(twice(r));",
    "const own = [{ r: 1 }];\nfor (const { r: q } of own) console.log(twice(q));",
    "console.log([1].map((x) => ({ r: x })).map(({ r: rows }) => twice(rows)));",
    'const { pathname: q } = new URL("file:///a");\nconsole.log(twice(q.length));',
  ])("accepts %j", (cell) => {
    expect(check(earlier, cell)).toEqual([]);
  });
});
