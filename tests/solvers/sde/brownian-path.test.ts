import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { BrownianPath } from "../../../src/solvers/sde/brownian-path.js";

const layout = (count: number) => ({ structure: { paths: [""] }, shapes: [[count]] });
const pathOf = (count: number, seed: number) => new BrownianPath(layout(count), 0, new Random(seed));

const seeds = fc.nat();
/** Different times within the first unit of time, in any order. */
const innerTimes = fc.uniqueArray(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), {
  minLength: 1,
  maxLength: 6,
});

/** I(1,0) over an interval of length h (layout.sri of tests/reference/tableaux.json). */
const iterated = (h: number, dW: number, dZ: number): number => (h / 2) * (dW + dZ / Math.sqrt(3));

/** Two neighbouring increments as one, by the formula of layout.splitting_noise in tests/reference/tableaux.json. */
function combined([ha, wa, za]: readonly number[], [hb, wb, zb]: readonly number[]): number[] {
  const h = ha + hb;
  const i10 = iterated(ha, wa, za) + iterated(hb, wb, zb) + hb * wa;
  return [h, wa + wb, Math.sqrt(3) * ((2 * i10) / h - (wa + wb))];
}

describe("a Brownian path", () => {
  it("that was seen as a whole is the same in parts", () => {
    fc.assert(
      fc.property(seeds, innerTimes, (seed, times) => {
        const path = pathOf(1, seed);
        const whole = path.increment(0, 1);
        path.refine(times);
        const ends = path.times;
        const parts = Array.from(ends.slice(1), (to, i) => {
          const { dW, dZ } = path.increment(ends[i], to);
          return [to - ends[i], dW[0].data[0], dZ[0].data[0]];
        });
        const [, dW, dZ] = parts.reduce(combined);
        expect([dW, dZ]).toBeAllclose([whole.dW[0].data[0], whole.dZ[0].data[0]], { absolute: 1e-9 });
        expect(path.increment(0, 1).dW[0]).toBeAllclose(whole.dW[0], { absolute: 1e-12 });
      }),
    );
  });

  it("refined has increments as if they had been drawn one by one: independent, of the variance of their length", () => {
    const count = 20_000;
    for (const [i, refinement] of [[0.5], [0.03], [0.97], [0.7, 0.2, 0.3], [0.2, 0.7, 0.1, 0.95]].entries()) {
      const path = pathOf(count, i);
      path.increment(0, 1);
      path.refine(refinement);
      const ends = path.times;
      const standard = Array.from(ends.slice(1), (to, k) => {
        const { dW, dZ } = path.increment(ends[k], to);
        const scale = Math.sqrt(to - ends[k]);
        return [dW, dZ].map(([{ data }]) => data.map((value) => value / scale));
      }).flat();
      const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / count;
      standard.forEach((a, k) => {
        expect(Math.abs(mean(a as Float64Array))).toBeLessThan(5 / Math.sqrt(count));
        for (const [l, b] of standard.entries()) {
          const covariance = mean(Float64Array.from(a, (value, j) => value * b[j]));
          // the standard error of a product of standard normal numbers is 1, of a square the root of 2
          expect(Math.abs(covariance - (k === l ? 1 : 0))).toBeLessThan((5 * Math.SQRT2) / Math.sqrt(count));
        }
      });
    }
  });

  it("is the same from the same seed, another from another, whatever the state's leaves", () => {
    fc.assert(
      fc.property(seeds, seeds, innerTimes, (seed, other, times) => {
        const [first, second, third] = [seed, seed, other].map((each) => {
          const path = pathOf(3, each);
          path.refine([1, ...times]);
          return path.values();
        });
        expect(second).toEqual(first);
        if (seed !== other) expect(third).not.toEqual(first);
        const named = new BrownianPath(
          { structure: { paths: ["a", "b"] }, shapes: [[2], []] },
          0,
          new Random(seed),
        );
        named.refine([1, ...times]);
        const { a, b } = named.values() as { a: { data: Float64Array }; b: { data: Float64Array } };
        const joint = Array.from(named.times, (_, i) => [...a.data.subarray(2 * i, 2 * i + 2), b.data[i]]);
        expect(joint.flat()).toEqual([...(first as { data: Float64Array }).data]);
      }),
      { numRuns: 30 },
    );
  });

  it("starts at 0 and is the sum of its increments", () => {
    const path = pathOf(2, 5);
    path.refine([0.5, 2, 0.25]);
    expect([...path.times]).toEqual([0, 0.25, 0.5, 2]);
    const { data } = path.values() as { data: Float64Array };
    expect([...data.subarray(0, 2)]).toEqual([0, 0]);
    const { dW } = path.increment(0, 0.5);
    expect(dW[0]).toBeAllclose([...data.subarray(4, 6)], { absolute: 1e-14 });
  });

  it("that forgets goes on as it would have", () => {
    const [path, forgetful] = [pathOf(2, 5), pathOf(2, 5)];
    for (const each of [path, forgetful]) each.refine([1, 0.4]);
    forgetful.forgetBefore(0.4);
    expect(forgetful.increment(0.4, 1)).toEqual(path.increment(0.4, 1));
    expect(forgetful.increment(1, 3)).toEqual(path.increment(1, 3));
    expect([...forgetful.times]).toEqual([0.4, 1, 3]);
  });

  it.each<[string, (path: BrownianPath) => unknown, string]>([
    [
      "before its start",
      (path) => path.increment(-1, 1),
      "the Brownian path is there from 0 on, it cannot be asked for at -1",
    ],
    [
      "at no time",
      (path) => path.refine([Number.NaN]),
      "the Brownian path is there from 0 on, it cannot be asked for at NaN",
    ],
    [
      "in what it forgot",
      (path) => {
        path.forgetBefore(2);
        path.refine([1]);
      },
      "the Brownian path is there from 2 on, it cannot be asked for at 1",
    ],
    [
      "from a time to an earlier one",
      (path) => path.increment(1, 1),
      "an increment of a Brownian path is from a time to a later one, got 1 and 1",
    ],
  ])("cannot be asked for %s", (_, use, sentence) => {
    expect(() => use(pathOf(1, 0))).toThrow(new RangeError(sentence));
  });
});
