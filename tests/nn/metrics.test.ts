import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { correctCount } from "../../src/nn/metrics.js";
import { anySeed, distinctArrays } from "../laws/numbers.js";
import { allTargets, evaluate, targetText } from "../laws/programs.js";

const classes = 5;

function oneHot(labels: readonly number[]): NdArray {
  const data = labels.flatMap((label) => Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0)));
  return ndArray([labels.length, classes], Float64Array.from(data));
}

describe.each(allTargets.map((target) => ({ target, name: targetText(target) })))(
  "the number of rightly classified rows on $name",
  ({ target }) => {
    const counted = (logits: NdArray, labels: readonly number[]): number => {
      const { shape } = logits;
      const graph = trace({ inputs: { logits: shape, targets: shape } }, (read) => ({
        outputs: { correct: correctCount(read.logits, read.targets) },
      }));
      return evaluate(graph, { inputs: { logits, targets: oneHot(labels) } }, target).outputs.correct.data[0];
    };

    it("is the number of rows whose largest logit is that of their class", () => {
      fc.assert(
        fc.property(
          fc.array(fc.nat(classes - 1), { minLength: 1, maxLength: 8 }),
          anySeed,
          (labels, seed) => {
            const [logits] = distinctArrays([[labels.length, classes]], [-3, 3], seed);
            const rightly = labels.filter((label, row) => {
              const own = [...logits.data.subarray(row * classes, (row + 1) * classes)];
              return own.indexOf(Math.max(...own)) === label;
            });
            expect(counted(logits, labels)).toBe(rightly.length);
          },
        ),
        { numRuns: 20 },
      );
    });

    it("leaves out rows without a number", () => {
      const logits = ndArray(
        [2, classes],
        new Float64Array(2 * classes).fill(Number.NaN, 0, classes).fill(1, classes),
      );
      expect(counted(logits, [0, 0])).toBe(1);
    });
  },
);
