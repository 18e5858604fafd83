import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildTree, flattenTree, leavesOf, type Tree } from "../../src/compiler/tree.js";

const isNumber = (value: unknown): value is number => typeof value === "number";
const names = fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/);

const anyTree: fc.Arbitrary<Tree<number>> = fc.letrec<{ tree: Tree<number> }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.integer(),
    fc.dictionary(names, tie("tree"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  ),
})).tree;

describe("trees", () => {
  it("survive being taken apart and put together", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const { structure, leaves } = flattenTree(tree, isNumber);
        expect(buildTree(structure, leaves)).toEqual(tree);
      }),
    );
  });

  it("give their leaves in the order of a structure, whatever their own", () => {
    const { structure } = flattenTree({ a: 1, b: { c: 2, d: 3 } }, isNumber);
    expect(leavesOf({ b: { d: 30, c: 20 }, a: 10 }, structure, isNumber, "params")).toEqual([10, 20, 30]);
  });

  it("that lack a leaf, or have one too many, are told so by its name", () => {
    const { structure } = flattenTree({ a: 1, b: { c: 2 } }, isNumber);
    expect(() => leavesOf({ a: 1, b: {} }, structure, isNumber, "params")).toThrow(
      'params lacks the entry "b.c"',
    );
    expect(() => leavesOf({ a: 1, b: { c: 2, d: 3 } }, structure, isNumber, "params")).toThrow(
      'params has an entry "b.d" that was not expected',
    );
    expect(() => leavesOf(1, structure, isNumber, "y0")).toThrow(
      "y0 has an entry (the value itself) that was not expected",
    );
  });

  it("refuse what is neither a leaf nor named leaves", () => {
    expect(() => flattenTree({ a: { b: "text" as unknown as number } }, isNumber)).toThrow(
      '"a.b" is neither a value',
    );
  });

  it("refuse names that would be taken for paths", () => {
    expect(() => flattenTree({ "a.b": 1 }, isNumber)).toThrow('the name "a.b"');
    expect(() => flattenTree({ "": 1 }, isNumber)).toThrow('the name ""');
  });
});
