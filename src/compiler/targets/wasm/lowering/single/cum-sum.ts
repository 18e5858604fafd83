import type { CumSumNode, Node } from "../../../../graph/node.js";
import { stridesOf, withLength } from "../../../../shape.js";
import { constant, get, type Instruction, type Local, operation, set } from "../../assembler/instruction.js";
import { repeat } from "../../assembler/repeat.js";
import { type Access, loopStrides } from "../nest/access.js";
import type { Layout } from "../nest/plan.js";
import type { Address } from "../nest/pointers.js";
import type { NestSurroundings } from "../nest/surroundings.js";
import { walkCode } from "../nest/walk.js";
import { squeezed } from "../task.js";
import type { TaskCode } from "../task-code.js";
import { loadNumber, storeNumber } from "./number-access.js";

/** Running sums, in double precision, line by line. */
export function cumSumCode(
  node: CumSumNode,
  layout: Layout,
  code: TaskCode,
  around: NestSurroundings,
): Instruction[] {
  const { axis, exclusive, inputs, reverse, shape } = node;
  const { format } = code.settings;
  const [x] = inputs;
  const lines = withLength(shape, axis, 1);
  const own = stridesOf(shape);
  const given = layout.views.of(x).strides;
  const arrays = [lineAccess(x, given, lines, layout), lineAccess(node, own, lines, layout)];
  const [from, to] = [code.local("i32"), code.local("i32")];
  const [sum, element] = [code.local("f64"), code.local("f64")];
  const length = shape[axis];
  const steps = [given[axis], own[axis]].map((stride) => (reverse ? -stride : stride) * format.bytes);
  const here = (pointer: Local): Address => ({ pointer: get(pointer), offset: 0 });
  const add = set(sum, operation("f64.add", get(sum), get(element)));
  const write = storeNumber(format, here(to), get(sum));
  return walkCode(squeezed(lines), arrays, code, around, (addresses) => [
    ...[from, to].map((pointer, i) =>
      set(pointer, behind(addresses[i], reverse ? -steps[i] * (length - 1) : 0)),
    ),
    set(sum, constant("f64", 0)),
    ...repeat(
      code,
      length,
      [
        [from, steps[0]],
        [to, steps[1]],
      ],
      [set(element, loadNumber(format, here(from))), ...(exclusive ? [write, add] : [add, write])],
    ),
  ]);
}

function behind({ pointer, offset }: Address, bytes: number): Instruction {
  return operation("i32.add", pointer, constant("i32", offset + bytes));
}

function lineAccess(
  node: Node,
  strides: readonly number[],
  lines: readonly number[],
  layout: Layout,
): Access {
  const view = layout.views.of(node);
  const { base, offset } = layout.storage.placeOf(view.source);
  return { base, offset: offset + view.offset * layout.bytes, strides: loopStrides(lines, lines, strides) };
}
