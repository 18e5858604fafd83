import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { anySeed } from "../laws/numbers.js";

const count = 100_000;
const draws = (next: () => number): Float64Array => Float64Array.from({ length: count }, next);
const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const momentOf = (values: Float64Array, order: number): number =>
  meanOf(values.map((value) => value ** order));

/** Bounds below are five standard errors: with these seeds a correct generator passes, and keeps passing. */
const standardErrors = 5 / Math.sqrt(count);

describe("random streams", () => {
  it.each([0, 1, 2, -1, 12345, Number.MAX_SAFE_INTEGER])("are uniform in [0, 1), seed %d", (seed) => {
    const random = new Random(seed);
    const values = draws(() => random.uniform());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(meanOf(values) - 1 / 2)).toBeLessThan(standardErrors * Math.sqrt(1 / 12));
    expect(Math.abs(momentOf(values, 2) - 1 / 3)).toBeLessThan(standardErrors * Math.sqrt(4 / 45));
  });

  it.each([0, 1, 99])("fill every cell alike, seed %d (chi-squared)", (seed) => {
    const random = new Random(seed);
    const cells = new Float64Array(100);
    for (let i = 0; i < count; i++) cells[random.integer(100)]++;
    const expected = count / cells.length;
    const chiSquared = cells.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    // 99 degrees of freedom: mean 99, standard deviation sqrt(198)
    expect(Math.abs(chiSquared - 99)).toBeLessThan(5 * Math.sqrt(198));
  });

  it.each([0, 1, 7])("are standard normal, one by one and many at a time, seed %d", (seed) => {
    const one = new Random(seed);
    const many = new Random(seed).fillNormal(new Float64Array(count + 1), 2).map((value) => value / 2);
    for (const values of [draws(() => one.normal()), many.subarray(0, count), many.subarray(1)]) {
      // variances of z, z^2, z^3, z^4 are 1, 2, 15, 96
      expect(Math.abs(meanOf(values))).toBeLessThan(standardErrors);
      expect(Math.abs(momentOf(values, 2) - 1)).toBeLessThan(standardErrors * Math.sqrt(2));
      expect(Math.abs(momentOf(values, 3))).toBeLessThan(standardErrors * Math.sqrt(15));
      expect(Math.abs(momentOf(values, 4) - 3)).toBeLessThan(standardErrors * Math.sqrt(96));
    }
    // partners are independent
    const product = meanOf(Float64Array.from({ length: count }, (_, i) => many[i] * many[i + 1]));
    expect(Math.abs(product)).toBeLessThan(standardErrors);
  });

  it("repeat for the same seed and differ for another", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const [one, same, other] = [
          new Random(seed),
          new Random(seed),
          new Random(seed === 0 ? 1 : seed - 1),
        ];
        expect(one.uniform()).toBe(same.uniform());
        expect(one.uniform()).not.toBe(other.uniform());
      }),
    );
  });

  it("give these numbers, whatever the machine and the version: a change would make old runs unrepeatable", () => {
    const random = new Random(1);
    expect(random.uniform()).toBe(0.7258089565381034);
    expect(random.uniform()).toBe(0.17569719022110053);
    expect(random.split("dropout").uniform()).toBe(0.27056669642010833);
    expect([...new Random(1).permutation(8)]).toEqual([7, 4, 3, 2, 6, 0, 1, 5]);
    // through Math.log and Math.cos, whose last bits are the engine's own
    expect(random.normal()).toBeCloseTo(0.12636710434582202, 14);
  });

  it("split by label only: what was drawn before makes no difference", () => {
    fc.assert(
      fc.property(anySeed, fc.string(), fc.nat(20), (seed, label, drawn) => {
        const random = new Random(seed);
        for (let i = 0; i < drawn; i++) random.uniform();
        expect(random.split(label).uniform()).toBe(new Random(seed).split(label).uniform());
      }),
    );
  });

  it("split into streams that differ from each other and from their parent", () => {
    const parents = [new Random(0), new Random(1), new Random(2 ** 40), new Random(0).split("child")];
    const firsts = parents.flatMap((parent) => [
      parent.uniform(),
      ...Array.from({ length: 5000 }, (_, i) => parent.split(`stream ${i}`).uniform()),
    ]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it("are uncorrelated across labels", () => {
    const random = new Random(3);
    const [a, b] = ["a", "b"].map((label) => {
      const stream = random.split(label);
      return draws(() => stream.normal());
    });
    expect(Math.abs(meanOf(a.map((value, i) => value * b[i])))).toBeLessThan(standardErrors);
    const firsts = Float64Array.from({ length: count }, (_, i) => random.split(String(i)).normal());
    expect(Math.abs(meanOf(firsts))).toBeLessThan(standardErrors);
    expect(Math.abs(momentOf(firsts, 2) - 1)).toBeLessThan(standardErrors * Math.sqrt(2));
  });

  it("permute: every number once, every number anywhere", () => {
    fc.assert(
      fc.property(anySeed, fc.nat(100), (seed, size) => {
        const order = new Random(seed).permutation(size);
        expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
      }),
    );
    const random = new Random(5);
    const seen = new Float64Array(16);
    for (let i = 0; i < 16_000; i++) {
      random.permutation(4).forEach((value, place) => {
        seen[4 * place + value]++;
      });
    }
    // each of the 16 pairs is seen with probability 1/4
    for (const times of seen) expect(Math.abs(times - 4000)).toBeLessThan(5 * Math.sqrt(16_000 * (3 / 16)));
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuse the seed %d", (seed) => {
    expect(() => new Random(seed)).toThrow(`new Random: seed must be a whole number, got ${seed}`);
  });
});
