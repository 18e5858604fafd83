import type { Precision } from "../../target.js";
import type { FunctionWriter } from "../assembler/function-writer.js";
import { get, type Instruction, type Local, load, set, store } from "../assembler/instruction.js";
import { repeat } from "../assembler/repeat.js";
import { vectorFormats } from "../vector-format.js";
import type { MatrixStrides } from "./mat-mul-signature.js";
import { evenRuns } from "./runs.js";
import { transposeCode } from "./transpose.js";

const vectorBytes = 16;

/** A matrix, and where its copy goes. */
export interface Packing {
  readonly precision: Precision;
  readonly rows: number;
  readonly columns: number;
  readonly source: MatrixStrides;
  /** Elements from a row of the copy to the next; at least the columns, rounded up to whole vectors. */
  readonly targetStride: number;
}

/** Copies a matrix that lies in any way to rows whose elements lie side by side, with anything after them. */
export function packCode(
  f: FunctionWriter,
  packing: Packing,
  source: Instruction,
  target: Instruction,
): Instruction[] {
  const { precision, rows, columns, source: strides, targetStride } = packing;
  if (strides.rowStride === 1 && strides.columnStride >= 0) {
    const transposition = { precision, rows: columns, columns: rows };
    const both = { sourceStride: strides.columnStride, targetStride };
    return transposeCode(f, { ...transposition, ...both }, source, target);
  }
  const [from, to, rowFrom, rowTo] = Array.from({ length: 4 }, () => f.local("i32"));
  const { bytes } = vectorFormats[precision];
  const row =
    strides.columnStride === 1 ? copyVectors(f, packing, from, to) : copyElements(f, packing, from, to);
  const moves = [
    [rowTo, targetStride * bytes],
    [rowFrom, strides.rowStride * bytes],
  ] as const;
  return [
    set(rowFrom, source),
    set(rowTo, target),
    ...repeat(f, rows, moves, [set(from, get(rowFrom)), set(to, get(rowTo)), ...row]),
  ];
}

/** So many loads and stores are written out in a row. */
const mostCopiesInARow = 8;

function copyVectors(
  f: FunctionWriter,
  { precision, columns }: Packing,
  from: Local,
  to: Local,
): Instruction[] {
  const { lanes } = vectorFormats[precision];
  return evenRuns(Math.ceil(columns / lanes), mostCopiesInARow).flatMap(({ count, size }) => {
    const copies = Array.from({ length: size }, (_, j) =>
      store("v128.store", get(to), load("v128.load", get(from), j * vectorBytes), j * vectorBytes),
    );
    return repeat(
      f,
      count,
      [
        [to, size * vectorBytes],
        [from, size * vectorBytes],
      ],
      copies,
    );
  });
}

function copyElements(
  f: FunctionWriter,
  { precision, columns, source }: Packing,
  from: Local,
  to: Local,
): Instruction[] {
  const { bytes, scalar } = vectorFormats[precision];
  const copy = store(`${scalar}.store`, get(to), load(`${scalar}.load`, get(from)));
  return repeat(
    f,
    columns,
    [
      [to, bytes],
      [from, source.columnStride * bytes],
    ],
    [copy],
  );
}
