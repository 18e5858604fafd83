import type { GatherNode, Node, ScatterAddNode } from "../../../../graph/node.js";
import { type Shape, sizeOf, stridesOf } from "../../../../shape.js";
import { constant, get, type Instruction, operation, set } from "../../assembler/instruction.js";
import type { VectorFormat } from "../../vector-format.js";
import { type Access, loopStrides } from "../nest/access.js";
import { fillCode } from "../nest/fill.js";
import type { Layout } from "../nest/plan.js";
import type { Address } from "../nest/pointers.js";
import type { NestSurroundings } from "../nest/surroundings.js";
import { walkCode } from "../nest/walk.js";
import { squeezed } from "../task.js";
import type { TaskCode } from "../task-code.js";
import { loadNumber, storeNumber } from "./number-access.js";

/** Picks elements by their index: the result is walked over, and each element looked up. */
export function gatherCode(
  node: GatherNode,
  layout: Layout,
  code: TaskCode,
  around: NestSurroundings,
): Instruction[] {
  const [x, indices] = node.inputs;
  const { format } = code.settings;
  const picked = layout.views.of(x);
  const spread = withIndexAxes(picked.strides, node.axis, indices.shape.length);
  const step = picked.strides[node.axis] * layout.bytes;
  const arrays = [
    accessTo(node, stridesOf(node.shape), node.shape, layout),
    indexAccess(indices, node.axis, node.shape, layout),
    accessTo(x, spread, node.shape, layout),
  ];
  return walkCode(squeezed(node.shape), arrays, code, around, ([to, index, from]) => [
    storeNumber(format, to, loadNumber(format, indexed(format, from, index, step))),
  ]);
}

/** Adds elements up at their index: the values are walked over, and each added where its index says. */
export function scatterAddCode(
  node: ScatterAddNode,
  layout: Layout,
  code: TaskCode,
  around: NestSurroundings,
): Instruction[] {
  const [values, indices] = node.inputs;
  const { format } = code.settings;
  const own = stridesOf(node.shape);
  const spread = withIndexAxes(own, node.axis, indices.shape.length);
  const arrays = [
    accessTo(values, layout.views.of(values).strides, values.shape, layout),
    indexAccess(indices, node.axis, values.shape, layout),
    accessTo(node, spread, values.shape, layout),
  ];
  const { base, offset } = layout.storage.placeOf(node);
  const zeros = fillCode(code, around.baseOf(base), offset, sizeOf(node.shape), 0);
  if (sizeOf(values.shape) === 0) return zeros;
  const step = own[node.axis] * layout.bytes;
  const pointer = code.local("i32");
  const sums = walkCode(squeezed(values.shape), arrays, code, around, ([from, index, start]) => {
    const to = indexed(format, start, index, step);
    const there = { ...to, pointer: get(pointer) };
    const sum = operation("f64.add", loadNumber(format, there), loadNumber(format, from));
    return [set(pointer, to.pointer), storeNumber(format, there, sum)];
  });
  return [...zeros, ...sums];
}

/** The place of an element along an axis of which `start` is the beginning. */
function indexed(format: VectorFormat, start: Address, index: Address, step: number): Address {
  const position = operation("i32.trunc_sat_f64_s", loadNumber(format, index));
  const distance = operation("i32.mul", position, constant("i32", step));
  return { pointer: operation("i32.add", start.pointer, distance), offset: start.offset };
}

/** Strides along the axes of what gather returns: the axes of the indices, in place of one axis, move nothing. */
function withIndexAxes(strides: readonly number[], axis: number, rank: number): number[] {
  return [...strides.slice(0, axis), ...new Array<number>(rank).fill(0), ...strides.slice(axis + 1)];
}

function accessTo(node: Node, strides: readonly number[], shape: Shape, layout: Layout): Access {
  const view = layout.views.of(node);
  const place = layout.storage.placeOf(view.source);
  const offset = place.offset + view.offset * layout.bytes;
  return { base: place.base, offset, strides: loopStrides(shape, shape, strides) };
}

function indexAccess(indices: Node, axis: number, shape: Shape, layout: Layout): Access {
  const { strides } = layout.views.of(indices);
  const behind = shape.length - axis - indices.shape.length;
  const spread = [...new Array<number>(axis).fill(0), ...strides, ...new Array<number>(behind).fill(0)];
  return accessTo(indices, spread, shape, layout);
}
