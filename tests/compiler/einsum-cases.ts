import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import type { Shape } from "../../src/compiler/shape.js";

/**
 * Einstein's summation by its definition: all operands repeated along all letters, multiplied, and summed over the letters
 * that the result lacks. No letter may be twice in one operand.
 */
export function einsumByDefinition(equation: string, operands: readonly tf.Tensor[]): tf.Tensor {
  const [inputs, output] = equation.split("->");
  const all = [...new Set(inputs.replaceAll(",", ""))].sort();
  const aligned = inputs.split(",").map((labels, i) => {
    const sorted = [...labels].sort();
    const turned = tf.transpose(
      operands[i],
      sorted.map((letter) => labels.indexOf(letter)),
    );
    return tf.reshape(
      turned,
      all.map((letter) => turned.shape[sorted.indexOf(letter)] ?? 1),
    );
  });
  const product = aligned.reduce((a, b) => tf.mul(a, b));
  const kept = all.filter((letter) => output.includes(letter));
  const sum = tf.sum(
    product,
    all.flatMap((letter, axis) => (kept.includes(letter) ? [] : [axis])),
  );
  return tf.transpose(
    sum,
    [...output].map((letter) => kept.indexOf(letter)),
  );
}

/** An equation and operands that it fits. */
export interface EinsumCase {
  readonly equation: string;
  readonly shapes: readonly Shape[];
}

const letters = ["a", "b", "c", "d"];

/** Random equations: each operand has some of four letters in some order, and so has the result. */
export function anyEinsum({ operands }: { operands: number }): fc.Arbitrary<EinsumCase> {
  const operand = fc.shuffledSubarray(letters, { minLength: 1, maxLength: 3 });
  const lengths = fc.tuple(...letters.map(() => fc.integer({ min: 1, max: 3 })));
  return fc
    .tuple(fc.array(operand, { minLength: operands, maxLength: operands }), lengths)
    .chain(([inputs, sizes]) =>
      fc.shuffledSubarray([...new Set(inputs.flat())]).map(
        (output): EinsumCase => ({
          equation: `${inputs.map((labels) => labels.join("")).join(",")}->${output.join("")}`,
          shapes: inputs.map((labels) => labels.map((letter) => sizes[letters.indexOf(letter)])),
        }),
      ),
    );
}
