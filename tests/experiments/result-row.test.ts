import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configurationHash, isResultRow } from "../../src/experiments/result-row.js";
import { completeRow } from "./complete-row.js";

/** Plain data with its names in another order, at every level. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, item]) => [name, reordered(item)]));
}

describe("the hash of a configuration", () => {
  it("does not depend on the order of names", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (configuration) => {
        expect(configurationHash(reordered(configuration))).toBe(configurationHash(configuration));
      }),
    );
  });

  it("differs where the configurations differ, also in the order of a list", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        fc.pre(!same && JSON.stringify(reordered(a)) !== JSON.stringify(b));
        expect(configurationHash({ value: a })).not.toBe(configurationHash({ value: b }));
      }),
    );
    expect(configurationHash([1, 2])).not.toBe(configurationHash([2, 1]));
    expect(configurationHash({ a: 1 })).not.toBe(configurationHash({ b: 1 }));
  });
});

describe("a result row", () => {
  const { trainAccuracy, testAccuracy, ...common } = completeRow;
  const row: Record<string, unknown> = common;

  it("is known by its fields", () => {
    expect(isResultRow(row)).toBe(true);
    for (const none of [null, undefined, 1, "row", [], {}]) expect(isResultRow(none)).toBe(false);
  });

  it.each(Object.keys(row))("is none without a right %s", (name) => {
    const { [name]: value, ...without } = row;
    expect(isResultRow(without)).toBe(false);
    expect(isResultRow({ ...row, [name]: null })).toBe(false);
    expect(isResultRow({ ...row, [name]: typeof value === "string" ? 1 : "text" })).toBe(false);
  });
});
