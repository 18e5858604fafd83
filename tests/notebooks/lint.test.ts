import { describe, expect, it } from "vitest";
import { kernelRules } from "../../scripts/notebooks/kernel-rules.mjs";
import { lintCells } from "../../scripts/notebooks/lint.mjs";

/** For each rule: cells that the kernel gets wrong, and their nearest relatives that it gets right. */
const samples: Record<string, { bad: string[][]; good: string[][] }> = {
  shorthandOfEarlierName: {
    bad: [
      ["const x = 1;", "console.log({ x });"],
      ['import { tsit5 } from "glassbox";', "const options = { method: 1, tsit5 };"],
      ["let a = 1, b = 2; const pair = { a: 3, b: 4 };", "({ a, b: pair.b } = pair);"],
    ],
    good: [
      ["const x = 1;", "console.log({ x: x });"],
      ["const x = 1;", "{ const x = 2; console.log({ x }); }"],
      ["const x = 1; console.log({ x });"],
      ["const x = 1;", "const report = (x: number) => ({ x });"],
    ],
  },
  destructuringOfEarlierValue: {
    bad: [
      ["const o = { r: 1 };", "const { r: q } = o;"],
      ["const o = { r: 1 };", "const { r = 2 } = o;"],
      ["const o = { r: 1 };", "const { ...rest } = o;"],
      ["const o = { inner: { r: 1 } };", "const { r: q } = o.inner;"],
    ],
    good: [
      ["const o = { r: 1 };", "const { r } = o;"],
      ["const o = { r: 1 }; const { r: q } = o;"],
      ["const o = { r: 1 };", "const r = o.r;"],
    ],
  },
  assignmentToEarlierName: {
    bad: [
      ["let c = 0; const read = () => c;", "c = 1;"],
      ["let c = 0;", "c += 1;"],
      ["let c = 0;", "c++;"],
      ["let c = 0;", "function grow() { --c; }"],
    ],
    good: [
      ["const state = { c: 0 };", "state.c = 1; state.c++;"],
      ["let c = 0;", "let c = 1; c += 1;"],
      ["let c = 0;", "const next = -c;"],
      ["let c = 0; c = 1;"],
    ],
  },
  parenthesisAfterAwait: {
    bad: [["await (async () => {})();"], ["await (Promise.resolve(1));"]],
    good: [
      ["const work = async () => {};\nawait work();"],
      ["async function run() { await (Promise.resolve(1)); }"],
    ],
  },
  forAwaitAtTopLevel: {
    bad: [["async function* count() { yield 1; }\nfor await (const n of count()) console.log(n);"]],
    good: [
      [
        "async function* count() { yield 1; }",
        "async function run() { for await (const n of count()) console.log(n); }",
      ],
      ["for (const n of [1, 2]) console.log(n);"],
    ],
  },
  namespaceDeclaration: {
    bad: [["namespace Shapes { export const sides = 4; }"]],
    good: [["const shapes = { sides: 4 };"]],
  },
  dynamicImport: {
    bad: [['const fs = await import("node:fs");']],
    good: [['import fs from "node:fs";\nconsole.log(fs.existsSync("."));']],
  },
  interruptListener: {
    bad: [['process.once("SIGINT", () => {});']],
    good: [['process.on("exit", () => {});']],
  },
};

const asCells = (sources: string[]) => sources.map((source, index) => ({ index, source }));

describe("the notebook linter", () => {
  it("has a sample for each rule", () => {
    expect(Object.keys(samples)).toEqual(Object.keys(kernelRules));
  });

  for (const [rule, { bad, good }] of Object.entries(samples)) {
    it.each(bad)(`${rule} finds %j`, (...sources) => {
      const findings = lintCells(asCells(sources));
      expect(findings.map((finding) => finding.rule)).toEqual([rule]);
      expect(findings[0].cell).toBe(sources.length - 1);
    });

    it.each(good)(`${rule} lets pass %j`, (...sources) => {
      expect(lintCells(asCells(sources))).toEqual([]);
    });
  }

  it("says where: cell, line and column", () => {
    const [finding] = lintCells(asCells(["let c = 0;", "// a comment\nif (true) {\n  c = 1;\n}"]));
    expect(finding).toMatchObject({ cell: 1, line: 3, column: 3 });
  });
});
