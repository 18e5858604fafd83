import type { Node } from "../../../../graph/node.js";
import { constant, type Instruction, operation } from "../../assembler/instruction.js";
import type { MatrixStrides } from "../../mat-mul/mat-mul-signature.js";
import { type Access, loopStrides } from "../nest/access.js";
import type { Layout } from "../nest/plan.js";
import type { Address } from "../nest/pointers.js";
import type { Views } from "../view.js";

/** Strides of a factor's matrices, read as they are or transposed. */
export function matrixStrides(node: Node, transposed: boolean, views: Views): MatrixStrides {
  const [first, second] = views.of(node).strides.slice(-2);
  return transposed ? { rowStride: second, columnStride: first } : { rowStride: first, columnStride: second };
}

/** A factor's matrices, walked over along the leading axes of the product. */
export function batchAccess(node: Node, batch: readonly number[], { views, storage, bytes }: Layout): Access {
  const view = views.of(node);
  const place = storage.placeOf(view.source);
  const strides = loopStrides(batch, node.shape.slice(0, -2), view.strides);
  return { base: place.base, offset: place.offset + view.offset * bytes, strides };
}

/** An address as one number. */
export function pointerTo({ pointer, offset }: Address): Instruction {
  return offset === 0 ? pointer : operation("i32.add", pointer, constant("i32", offset));
}
