import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../../src/compiler/graph/graph-builder.js";
import { gather, scatterAdd } from "../../src/compiler/operations/indexing.js";
import { slice } from "../../src/compiler/operations/slice.js";
import { trace } from "../../src/compiler/trace/trace.js";

const builder = new GraphBuilder();
const x = builder.input("x", [2, 3]);
const indices = (...list: number[]) => builder.constant(list, [list.length], "integer");

describe("operands that do not fit are named", () => {
  it.each<[string, () => unknown, string]>([
    [
      "an index above the axis",
      () => gather(builder, x, indices(0, 3), 1),
      "gather: the index 3 is outside an axis of length 3; indices run from 0 to 2",
    ],
    [
      "an index below the axis",
      () => gather(builder, x, indices(-1, 0), 0),
      "gather: the index -1 is outside an axis of length 2; indices run from 0 to 1",
    ],
    [
      "an index of a sum above the axis",
      () => scatterAdd(builder, x, indices(0, 4), 0, 4),
      "scatterAdd: the index 4 is outside an axis of length 4; indices run from 0 to 3",
    ],
    [
      "more indices than values",
      () => scatterAdd(builder, x, indices(0, 1, 2), 0, 4),
      "scatterAdd: values of shape [2,3] do not have the shape [3] of the indices from axis 0 on",
    ],
    [
      "a slice that ends outside",
      () => slice(builder, x, [0, 0], [2, 2], [1, 3]),
      "slice: [2,2] from [0,0] with strides [1,3] is not inside [2,3]",
    ],
    [
      "a slice backwards that ends outside",
      () => slice(builder, x, [0, 1], [2, 3], [1, -1]),
      "slice: [2,3] from [0,1] with strides [1,-1] is not inside [2,3]",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(new RangeError(message));
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
    [
      "of one array of a batch",
      (read) => tf.gather(read, tf.tensor2d([[0], [3]], [2, 1], "int32"), 1, 1),
      "gather: the index 3 is outside an axis of length 3; indices run from 0 to 2",
    ],
    [
      "of a tuple",
      (read) => tf.gatherND(read, tf.tensor2d([[1, 3]], [1, 2], "int32")),
      "gatherND: the index 3 is outside an axis of length 3; indices run from 0 to 2",
    ],
  ])("an index %s", (_, run, message) => {
    const traced = () => trace({ inputs: { x: [2, 3] } }, ({ x }) => ({ outputs: { y: run(x) } }));
    expect(traced).toThrow(message);
  });

  it.each([
    ["ij,jk->ik", "names 2 operands, got 1"],
    ["ijk->i", '"ijk" names 3 axes of an operand of shape [2,3]'],
    ["ii->i", '"i" has the lengths 2 and 3'],
    ["ij->ik", 'the result\'s axis "k" occurs in no operand'],
    ["ij->ii", "the result names an axis twice"],
    ["i...->i", "may have letters, commas and one arrow only; write out the axes of an ellipsis"],
    ["ij->i->j", "may have letters, commas and one arrow only; write out the axes of an ellipsis"],
  ])("einsum %s", (equation, message) => {
    expect(() =>
      trace({ inputs: { x: [2, 3] } }, (read) => ({ outputs: { y: tf.einsum(equation, read.x) } })),
    ).toThrow(`einsum "${equation}": ${message}`);
  });
});
