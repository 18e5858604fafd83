import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { type Loss, meanSquaredError, softmaxCrossEntropy } from "../../src/nn/losses.js";
import { expectVjpToMatchDifferences } from "../laws/gradients.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { evaluate } from "../laws/programs.js";

const count = fc.integer({ min: 1, max: 6 });

function lossGraph(loss: Loss, shape: readonly number[]) {
  return trace({ inputs: { output: shape, targets: shape } }, ({ output, targets }) => ({
    outputs: { loss: loss(output, targets) },
  }));
}

function lossOf(loss: Loss, output: NdArray, targets: NdArray): number {
  return evaluate(lossGraph(loss, output.shape), { inputs: { output, targets } }).outputs.loss.data[0];
}

/** One-hot rows of classes that depend on the seed. */
function oneHot(rows: number, classes: number, seed: number): NdArray {
  const data = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) data[row * classes + ((seed + 7 * row) % classes)] = 1;
  return ndArray([rows, classes], data);
}

/** log sum exp - own logit, with the largest logit taken out, as the textbook has it. */
function crossEntropy({ shape: [rows, classes], data }: NdArray, targets: NdArray): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const logits = [...data.subarray(row * classes, (row + 1) * classes)];
    const own = logits[targets.data.subarray(row * classes, (row + 1) * classes).indexOf(1)];
    const largest = Math.max(...logits);
    sum += largest + Math.log(logits.reduce((total, logit) => total + Math.exp(logit - largest), 0)) - own;
  }
  return sum / rows;
}

describe("softmax cross entropy", () => {
  it("is the mean of -log softmax of the own class, for logits of any size", () => {
    fc.assert(
      fc.property(count, count, fc.constantFrom(1, 30, 1e4), anySeed, (rows, classes, size, seed) => {
        const [{ shape, data }] = normalArrays([[rows, classes]], seed);
        const logits = ndArray(
          shape,
          data.map((value) => size * value),
        );
        const targets = oneHot(rows, classes, seed);
        expect(lossOf(softmaxCrossEntropy, logits, targets)).toBeAllclose(crossEntropy(logits, targets));
      }),
      { numRuns: 40 },
    );
  });

  it("has the gradient (softmax - targets) / batch", () => {
    fc.assert(
      fc.property(count, count, anySeed, (rows, classes, seed) => {
        const [output] = normalArrays([[rows, classes]], seed);
        const inputs = { output, targets: oneHot(rows, classes, seed) };
        expectVjpToMatchDifferences(lossGraph(softmaxCrossEntropy, [rows, classes]), { inputs }, seed);
      }),
      { numRuns: 15 },
    );
  });
});

describe("the mean squared error", () => {
  it("is the mean of squared differences over all elements", () => {
    fc.assert(
      fc.property(count, count, anySeed, (rows, columns, seed) => {
        const [a, b] = normalArrays(
          [
            [rows, columns],
            [rows, columns],
          ],
          seed,
        );
        const direct =
          [...a.data].reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0) / a.data.length;
        expect(lossOf(meanSquaredError, a, b)).toBeAllclose(direct);
      }),
      { numRuns: 20 },
    );
  });

  it("has the gradient of its differences", () => {
    fc.assert(
      fc.property(count, count, anySeed, (rows, columns, seed) => {
        const [output, targets] = normalArrays(
          [
            [rows, columns],
            [rows, columns],
          ],
          seed,
        );
        expectVjpToMatchDifferences(
          lossGraph(meanSquaredError, [rows, columns]),
          { inputs: { output, targets } },
          seed,
        );
      }),
      { numRuns: 15 },
    );
  });
});
