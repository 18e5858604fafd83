import {
  get,
  type Instruction,
  type Local,
  load,
  operation,
  set,
  vectorConstant,
} from "../assembler/instruction.js";
import type { KernelWriter } from "./kernel-writer.js";
import { shuffleLanes } from "./shuffle-lanes.js";
import type { TileForm } from "./tile-form.js";

/**
 * A tile as inner products of rows of A with columns of B, both of which lie side by side along the inner axis: a
 * sum's lanes are parts of one element of C.
 */
export function innerProducts(kernel: KernelWriter): TileForm {
  const { signature, format, a, b } = kernel;
  const { lanes, bytes } = format;
  const read = (pointer: Local, offset: number, length: number): Instruction => {
    const vector = load("v128.load", get(pointer), offset * bytes);
    return length < lanes ? operation("v128.and", vector, firstLanes(length * bytes)) : vector;
  };
  return {
    columnsOfSum: 1,
    stepLength: lanes,
    readA: (i, k, length) => read(a, i * signature.a.rowStride + k, length),
    readB: (j, k, length) => read(b, j * signature.b.columnStride + k, length),
    gather: (sums) => {
      const groups = sums.map((row) => groupsOf(row, lanes));
      return {
        code: groups.flat().flatMap((group) => addAcross(kernel, group)),
        rows: groups.map((row) => row.map(([first]) => first)),
      };
    },
  };
}

/** A mask of the first bytes of a vector. */
function firstLanes(bytes: number): Instruction {
  return vectorConstant(Uint8Array.from({ length: 16 }, (_, byte) => (byte < bytes ? 0xff : 0)));
}

function groupsOf(row: readonly Local[], size: number): Local[][] {
  return Array.from({ length: Math.ceil(row.length / size) }, (_, g) => row.slice(g * size, (g + 1) * size));
}

/** Adds the lanes of each of up to so many vectors as have lanes; lane i of the first becomes the sum of vector i. */
function addAcross({ format }: KernelWriter, group: readonly Local[]): Instruction[] {
  const addShuffled = (x: Local, y: Local, one: readonly number[], other: readonly number[]): Instruction =>
    set(
      x,
      operation(`${format.vector}.add`, shuffleLanes(format, one, x, y), shuffleLanes(format, other, x, y)),
    );
  const [first, second = first, third, fourth = third] = group;
  if (format.lanes === 2) return [addShuffled(first, second, [0, 2], [1, 3])];
  const addHalves = (x: Local, y: Local): Instruction => addShuffled(x, y, [0, 1, 4, 5], [2, 3, 6, 7]);
  return [
    addHalves(first, second),
    ...(third ? [addHalves(third, fourth)] : []),
    addShuffled(first, third ?? first, [0, 2, 4, 6], [1, 3, 5, 7]),
  ];
}
