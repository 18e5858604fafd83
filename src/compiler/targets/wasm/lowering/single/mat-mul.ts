import type { MatMulNode, Node } from "../../../../graph/node.js";
import { stridesOf } from "../../../../shape.js";
import { call, type Instruction } from "../../assembler/instruction.js";
import { matMulKernel, matMulScratchBytes } from "../../mat-mul/mat-mul-kernel.js";
import type { MatMulSignature } from "../../mat-mul/mat-mul-signature.js";
import { type Access, loopStrides } from "../nest/access.js";
import type { Layout } from "../nest/plan.js";
import type { NestSurroundings } from "../nest/surroundings.js";
import { walkCode } from "../nest/walk.js";
import type { Place } from "../storage.js";
import { innerLength, squeezed, type Task } from "../task.js";
import type { TaskCode } from "../task-code.js";
import type { Views } from "../view.js";
import { batchAccess, matrixStrides, pointerTo } from "./matrix-access.js";

type ArithmeticSettings = Pick<MatMulSignature, "precision" | "fusedMultiplyAdd" | "registerBits">;

/** Bytes of scratch that a task needs for matrix products, beside their results. */
export function matMulTemporaryBytes(task: Task, views: Views, settings: ArithmeticSettings): number {
  const product =
    task.kind === "accumulation" ? task.product : task.kind === "single" ? task.node : undefined;
  if (product?.operation !== "matMul") return 0;
  return matMulScratchBytes(signatureOf(product, task.kind === "accumulation", views, settings));
}

/** Where a product is written, and what besides it. */
export interface Destination {
  /** The node whose array takes the product. */
  readonly node: Node;
  /** Whether the product is added to what the array holds. */
  readonly accumulate: boolean;
  /** Scratch, where the kernel needs it. */
  temporary(): Place;
}

/** A matrix product: one call of its kernel for each matrix along the leading axes. */
export function matMulCode(
  node: MatMulNode,
  to: Destination,
  layout: Layout,
  code: TaskCode,
  around: NestSurroundings,
): Instruction[] {
  const [a, b] = node.inputs;
  const signature = signatureOf(node, to.accumulate, layout.views, code.settings);
  const kernel = matMulKernel(code.settings.module, signature);
  const working = matMulScratchBytes(signature) > 0 ? [placeAddress(to.temporary(), around)] : [];
  const batch = node.shape.slice(0, -2);
  const { offset, base } = layout.storage.placeOf(to.node);
  const result: Access = { base, offset, strides: loopStrides(batch, batch, stridesOf(node.shape)) };
  const matrices = [batchAccess(a, batch, layout), batchAccess(b, batch, layout), result];
  return walkCode(squeezed(batch), matrices, code, around, (addresses) => [
    call(kernel, ...addresses.map(pointerTo), ...working),
  ]);
}

function signatureOf(
  node: MatMulNode,
  accumulate: boolean,
  views: Views,
  { precision, fusedMultiplyAdd, registerBits }: ArithmeticSettings,
): MatMulSignature {
  const [a, b] = node.inputs;
  const [rows, columns] = node.shape.slice(-2);
  return {
    precision,
    fusedMultiplyAdd,
    registerBits,
    rows,
    columns,
    inner: innerLength(node),
    a: matrixStrides(a, node.transposeA, views),
    b: matrixStrides(b, node.transposeB, views),
    c: { rowStride: columns },
    accumulate,
  };
}

function placeAddress({ base, offset }: Place, around: NestSurroundings): Instruction {
  return pointerTo({ pointer: around.baseOf(base), offset });
}
