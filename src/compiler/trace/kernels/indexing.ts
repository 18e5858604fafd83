import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node } from "../../graph/node.js";
import { reshape, transpose } from "../../operations/arrange.js";
import { cast } from "../../operations/cast.js";
import { constantData } from "../../operations/constants.js";
import { apply } from "../../operations/elementwise.js";
import { formulas } from "../../operations/formulas.js";
import { gather, indicesInside, scatterAdd } from "../../operations/indexing.js";
import { slice } from "../../operations/slice.js";
import { type Shape, sizeOf, stridesOf } from "../../shape.js";
import { elementTypeOf } from "../trace-backend.js";
import { axesOf, type KernelRules } from "./kernel-rule.js";

/** Operations that pick, place or add up elements by integer indices. */
export const indexingKernels: KernelRules = {
  GatherV2: (builder, { x, indices }, { axis, batchDims }) => {
    const [at] = axesOf(axis, x);
    const batchAxes = batchDims < 0 ? batchDims + indices.shape.length : (batchDims ?? 0);
    return batchAxes === 0
      ? gather(builder, x, indices, at)
      : gatherInBatches(builder, x, indices, at, batchAxes);
  },
  GatherNd: (builder, { params, indices }) => {
    const depth = indices.shape[indices.shape.length - 1];
    const picked = params.shape.slice(0, depth);
    const rows = reshape(builder, params, [sizeOf(picked), ...params.shape.slice(depth)]);
    return gather(builder, rows, positions(builder, indices, picked), 0);
  },
  OneHot: (builder, { indices }, { depth, onValue, offValue, dtype }) => {
    const type = elementTypeOf(dtype ?? "int32");
    const places = builder.constant([...Array(depth).keys()], [depth], "integer");
    const hit = apply(builder, "equal", reshape(builder, indices, [...indices.shape, 1]), places);
    const [on, off] = [onValue, offValue].map((value) => builder.constant(value, [], type));
    return apply(builder, "select", hit, on, off);
  },
  UnsortedSegmentSum: (builder, { x, segmentIds }, { numSegments }) => {
    const known = segmentIds.operation === "constant" ? constantData(segmentIds) : undefined;
    if (known?.every((id) => id >= 0 && id < numSegments)) {
      return scatterAdd(builder, x, segmentIds, 0, numSegments);
    }
    // what belongs to no segment is left out
    const f = formulas(builder);
    const inside = f("and", f("greaterEqual", segmentIds, 0), f("less", segmentIds, numSegments));
    const spread = [...segmentIds.shape, ...x.shape.slice(segmentIds.shape.length).map(() => 1)];
    const zero = builder.constant(0, [], x.type);
    const values = f("select", reshape(builder, inside, spread), x, zero);
    const ids = cast(builder, f("select", inside, segmentIds, builder.constant(0, [], "integer")), "integer");
    return scatterAdd(builder, values, ids, 0, numSegments);
  },
};

/** Picks from each of a batch of arrays by its own indices: from one long axis, by indices moved to each array's part. */
function gatherInBatches(
  builder: GraphBuilder,
  x: Node,
  indices: Node,
  axis: number,
  batchAxes: number,
): Node {
  const batch = x.shape.slice(0, batchAxes);
  const outer = x.shape.slice(batchAxes, axis);
  const inner = x.shape.slice(axis + 1);
  const own = indices.shape.slice(batchAxes);
  const [count, length, repeats, rest] = [sizeOf(batch), x.shape[axis], sizeOf(outer), sizeOf(inner)];
  const axisInFront = transpose(builder, reshape(builder, x, [count, repeats, length, rest]), [0, 2, 1, 3]);
  const joined = reshape(builder, axisInFront, [count * length, repeats * rest]);
  const starts = Array.from({ length: count }, (_, i) => i * length);
  const offsets = builder.constant(starts, [count, 1], "integer");
  const inside = indicesInside(builder, "gather", indices, length);
  const places = apply(builder, "add", reshape(builder, inside, [count, sizeOf(own)]), offsets);
  const picked = reshape(builder, gather(builder, joined, places, 0), [count, sizeOf(own), repeats, rest]);
  return reshape(builder, transpose(builder, picked, [0, 2, 1, 3]), [...batch, ...outer, ...own, ...inner]);
}

/** sum_i indices[..., i] strides[i]: tuples of indices as positions in a flattened array of the shape. */
function positions(builder: GraphBuilder, indices: Node, shape: Shape): Node {
  const outer = indices.shape.slice(0, -1);
  const terms = stridesOf(shape).map((stride, i) => {
    const begin = [...outer.map(() => 0), i];
    const component = reshape(builder, slice(builder, indices, begin, [...outer, 1]), outer);
    const inside = indicesInside(builder, "gatherND", component, shape[i]);
    return apply(builder, "mul", inside, builder.constant(stride, [], "integer"));
  });
  return terms.reduce((sum, term) => apply(builder, "add", sum, term));
}
