import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { meanDifference, meanRatio, type Pair, type PairedEstimate } from "../../src/report/paired.js";

const measurement = fc.double({ min: 0.01, max: 1000, noNaN: true });
const somePairs = fc.array(fc.record({ baseline: measurement, treatment: measurement }), {
  minLength: 2,
  maxLength: 12,
});

const exchanged = (pairs: readonly Pair[]) =>
  pairs.map(({ baseline, treatment }) => ({ baseline: treatment, treatment: baseline }));

const numbers = ({ mean, interval }: PairedEstimate) => [mean, interval?.low ?? NaN, interval?.high ?? NaN];

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs), 1);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]) / scale).toBeLessThan(1e-9);
  });
}

describe("the interval", () => {
  test.each([
    ["meanDifference", 2],
    ["meanDifference", 5],
    ["meanRatio", 5],
    ["meanRatio", 10],
  ] as const)("of %s over %d pairs covers the truth in 95 of 100 experiments", (estimate, count) => {
    const random = new Random(20).split(`${estimate} ${count}`);
    const truth = 0.3;
    const experiments = 4000;
    let covered = 0;
    for (let i = 0; i < experiments; i++) {
      // What a seed does to both sides is much larger than the effect: pairing must remove it.
      const pairs = Array.from({ length: count }, () => {
        const seed = 5 * random.normal();
        const [baseline, treatment] = [seed, seed + truth + 0.2 * random.normal()];
        return estimate === "meanRatio"
          ? { baseline: Math.exp(baseline), treatment: Math.exp(treatment) }
          : { baseline, treatment };
      });
      const { interval } = estimate === "meanRatio" ? meanRatio(pairs) : meanDifference(pairs);
      const target = estimate === "meanRatio" ? Math.exp(truth) : truth;
      if (interval && interval.low <= target && target <= interval.high) covered++;
    }
    // Four standard errors of a share of 0.95 over the experiments.
    expect(Math.abs(covered / experiments - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / experiments));
  });

  test("holds the mean, and grows with the level", () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        for (const estimate of [meanDifference, meanRatio]) {
          const [mean, low, high] = numbers(estimate(pairs));
          expect(low).toBeLessThanOrEqual(mean);
          expect(mean).toBeLessThanOrEqual(high);
          const [, wideLow, wideHigh] = numbers(estimate(pairs, 0.99));
          expect(wideLow).toBeLessThanOrEqual(low);
          expect(wideHigh).toBeGreaterThanOrEqual(high);
        }
      }),
    );
  });

  test("is absent for a single pair", () => {
    const pair = [{ baseline: 4, treatment: 3 }];
    expect(meanDifference(pair)).toEqual({ mean: -1, pairs: 1 });
    expect(meanRatio(pair).interval).toBeUndefined();
    expect(meanRatio(pair).mean).toBeCloseTo(0.75, 14);
  });
});

describe("exchanging the sides", () => {
  test("negates a difference", () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const [mean, low, high] = numbers(meanDifference(pairs));
        expectClose(numbers(meanDifference(exchanged(pairs))), [-mean, -high, -low]);
      }),
    );
  });

  test("inverts a ratio", () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const logs = numbers(meanRatio(pairs)).map(Math.log);
        const exchangedLogs = numbers(meanRatio(exchanged(pairs))).map(Math.log);
        expectClose(exchangedLogs, [-logs[0], -logs[2], -logs[1]]);
      }),
    );
  });
});

test("a difference does not see a common shift, a ratio no common factor", () => {
  fc.assert(
    fc.property(somePairs, measurement, (pairs, by) => {
      const shifted = pairs.map(({ baseline, treatment }) => ({
        baseline: baseline + by,
        treatment: treatment + by,
      }));
      const scaled = pairs.map(({ baseline, treatment }) => ({
        baseline: baseline * by,
        treatment: treatment * by,
      }));
      expectClose(numbers(meanDifference(shifted)), numbers(meanDifference(pairs)));
      expectClose(numbers(meanRatio(scaled)).map(Math.log), numbers(meanRatio(pairs)).map(Math.log));
    }),
  );
});

test("the order of the pairs does not matter", () => {
  fc.assert(
    fc.property(somePairs, (pairs) => {
      const reversed = [...pairs].reverse();
      expectClose(numbers(meanDifference(reversed)), numbers(meanDifference(pairs)));
      expectClose(numbers(meanRatio(reversed)).map(Math.log), numbers(meanRatio(pairs)).map(Math.log));
    }),
  );
});

test("no pairs, and values that have no mean or ratio, are refused", () => {
  expect(() => meanDifference([])).toThrow(/at least one pair/);
  expect(() => meanDifference([{ baseline: 1, treatment: Number.NaN }])).toThrow(/finite, got NaN/);
  expect(() => meanRatio([{ baseline: 0, treatment: 1 }])).toThrow(/positive ones, got 0/);
});
