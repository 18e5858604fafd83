import type { LinearSolveNode } from "../../../../graph/node.js";
import { stridesOf } from "../../../../shape.js";
import { call, constant, type Instruction } from "../../assembler/instruction.js";
import type { ValueType } from "../../assembler/value-type.js";
import { type Access, loopStrides } from "../nest/access.js";
import type { Layout } from "../nest/plan.js";
import type { NestSurroundings } from "../nest/surroundings.js";
import { walkCode } from "../nest/walk.js";
import { squeezed } from "../task.js";
import type { TaskCode } from "../task-code.js";
import { batchAccess, matrixStrides, pointerTo } from "./matrix-access.js";

/** The host's function: n, m, then address, row stride and column stride (in numbers) of A, of B and of X. */
export const linearSolveFunction = "linearSolve";
const parameters = new Array<ValueType>(11).fill("i32");

/** The solution of linear systems: one call of the host for each matrix along the leading axes. */
export function linearSolveCode(
  node: LinearSolveNode,
  layout: Layout,
  code: TaskCode,
  around: NestSurroundings,
): Instruction[] {
  const [a, b] = node.inputs;
  const [n, m] = node.shape.slice(-2);
  const batch = node.shape.slice(0, -2);
  const own = stridesOf(node.shape);
  const solve = code.settings.module.importFunction(linearSolveFunction, parameters);
  const { offset, base } = layout.storage.placeOf(node);
  const result: Access = { base, offset, strides: loopStrides(batch, batch, own) };
  const strides = [
    matrixStrides(a, node.transposeA, layout.views),
    matrixStrides(b, false, layout.views),
    { rowStride: own[own.length - 2], columnStride: own[own.length - 1] },
  ];
  const matrices = [batchAccess(a, batch, layout), batchAccess(b, batch, layout), result];
  const number = (value: number): Instruction => constant("i32", value);
  return walkCode(squeezed(batch), matrices, code, around, (addresses) => [
    call(
      solve,
      number(n),
      number(m),
      ...addresses.flatMap((address, i) => [
        pointerTo(address),
        number(strides[i].rowStride),
        number(strides[i].columnStride),
      ]),
    ),
  ]);
}
