import type { MatMulNode, Node } from "../../../../graph/node.js";
import { stridesOf } from "../../../../shape.js";
import type { FunctionWriter } from "../../assembler/function-writer.js";
import { call, constant, type Instruction, operation } from "../../assembler/instruction.js";
import type { MatMulSignature, MatrixStrides } from "../../mat-mul/mat-mul-signature.js";
import { type Access, loopStrides } from "../nest/access.js";
import type { Layout } from "../nest/plan.js";
import type { Address } from "../nest/pointers.js";
import type { NestSurroundings } from "../nest/surroundings.js";
import { walkCode } from "../nest/walk.js";
import { innerLength, squeezed } from "../task.js";
import type { TaskCode } from "../task-code.js";

/** Gives the function that computes matrix products of a signature. */
export type KernelOf = (signature: Omit<MatMulSignature, "precision" | "fusedMultiplyAdd">) => FunctionWriter;

/** A matrix product: one call of its kernel for each matrix along the leading axes. */
export function matMulCode(
  node: MatMulNode,
  layout: Layout,
  code: TaskCode,
  around: NestSurroundings,
  kernelOf: KernelOf,
): Instruction[] {
  const [a, b] = node.inputs;
  const [rows, columns] = node.shape.slice(-2);
  const kernel = kernelOf({
    rows,
    columns,
    inner: innerLength(node),
    a: matrixStrides(a, node.transposeA, layout),
    b: matrixStrides(b, node.transposeB, layout),
    c: { rowStride: columns },
    accumulate: false,
  });
  const batch = node.shape.slice(0, -2);
  const { offset, base } = layout.storage.placeOf(node);
  const result: Access = { base, offset, strides: loopStrides(batch, batch, stridesOf(node.shape)) };
  const matrices = [batchAccess(a, batch, layout), batchAccess(b, batch, layout), result];
  return walkCode(squeezed(batch), matrices, code, around, (addresses) => [
    call(kernel, ...addresses.map(pointerTo)),
  ]);
}

function matrixStrides(node: Node, transposed: boolean, { views }: Layout): MatrixStrides {
  const [first, second] = views.of(node).strides.slice(-2);
  return transposed ? { rowStride: second, columnStride: first } : { rowStride: first, columnStride: second };
}

/** A factor's matrices, walked over along the leading axes of the product. */
function batchAccess(node: Node, batch: readonly number[], { views, storage, bytes }: Layout): Access {
  const view = views.of(node);
  const place = storage.placeOf(view.source);
  const strides = loopStrides(batch, node.shape.slice(0, -2), view.strides);
  return { base: place.base, offset: place.offset + view.offset * bytes, strides };
}

function pointerTo({ pointer, offset }: Address): Instruction {
  return offset === 0 ? pointer : operation("i32.add", pointer, constant("i32", offset));
}
