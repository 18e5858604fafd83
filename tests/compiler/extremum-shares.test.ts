import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jvp, tangentName } from "../../src/compiler/derivatives/jvp.js";
import { cotangentName, gradientName, vjp } from "../../src/compiler/derivatives/vjp.js";
import { ndArray } from "../../src/compiler/nd-array.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { anySeed, coarseArrays, normalArrays } from "../laws/numbers.js";
import { allTargets, evaluate, targetText } from "../laws/programs.js";

const [rows, columns] = [6, 5];
const extrema = { max: tf.max, min: tf.min } as const;

/** One over the number of elements of a row that equal its extremum, at those elements; 0 elsewhere. */
function equalShares(name: keyof typeof extrema, row: readonly number[]): number[] {
  const extremum = Math[name](...row);
  const count = row.filter((value) => value === extremum).length;
  return row.map((value) => (value === extremum ? 1 / count : 0));
}

const rowsOf = (data: ArrayLike<number>): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data).slice(i * columns, (i + 1) * columns));

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  it.each(["max", "min"] as const)("elements that attain a %s share its derivative equally", (name) => {
    const graph = trace({ inputs: { x: [rows, columns] } }, ({ x }) => ({
      outputs: { y: extrema[name](x, 1) },
    }));
    const options = { of: ["y"], withRespectTo: ["x"] };
    const [backward, forward] = [vjp(graph, options), jvp(graph, options)];
    fc.assert(
      fc.property(anySeed, (seed) => {
        const [x] = coarseArrays([[rows, columns]], seed);
        const [cotangent, tangent] = normalArrays([[rows], [rows, columns]], seed);
        const shares = rowsOf(x.data).map((row) => equalShares(name, row));
        const pulled = evaluate(backward, { inputs: { x, [cotangentName("y")]: cotangent } }, target);
        const expected = shares.map((row, i) => row.map((share) => share * cotangent.data[i]));
        expect(pulled.outputs[gradientName("x")]).toBeAllclose(expected, { relative: 1e-6 });
        const pushed = evaluate(forward, { inputs: { x, [tangentName("x")]: tangent } }, target);
        const changes = rowsOf(tangent.data).map((row, i) =>
          row.reduce((sum, change, j) => sum + shares[i][j] * change, 0),
        );
        expect(pushed.outputs[tangentName("y")]).toBeAllclose(ndArray([rows], Float64Array.from(changes)), {
          relative: 1e-5,
          absolute: 1e-6,
        });
      }),
      { numRuns: 10 },
    );
  });
});
