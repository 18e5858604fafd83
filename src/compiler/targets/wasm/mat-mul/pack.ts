import type { FunctionWriter } from "../assembler/function-writer.js";
import { get, type Instruction, type Local, load, set, store } from "../assembler/instruction.js";
import { vectorFormats } from "../vector-format.js";
import type { MatMulSignature } from "./mat-mul-signature.js";
import { repeat } from "./repeat.js";
import { transposeCode } from "./transpose.js";

/** Copies A, whose rows lie side by side, to rows of `rowStride` elements. */
export function packA(
  f: FunctionWriter,
  { precision, rows, inner, a }: MatMulSignature,
  rowStride: number,
  source: Local,
  target: Local,
): Instruction[] {
  const strides = { sourceStride: a.columnStride, targetStride: rowStride };
  return transposeCode(f, { precision, rows: inner, columns: rows, ...strides }, get(source), get(target));
}

/** Copies the next columns of B, so many, to rows of `rowStride` elements. */
export function packPanel(
  f: FunctionWriter,
  { precision, inner, b }: MatMulSignature,
  columns: number,
  rowStride: number,
  source: Local,
  target: Local,
): Instruction[] {
  if (b.columnStride !== 1) {
    const strides = { sourceStride: b.columnStride, targetStride: rowStride };
    return transposeCode(
      f,
      { precision, rows: columns, columns: inner, ...strides },
      get(source),
      get(target),
    );
  }
  const { bytes, lanes } = vectorFormats[precision];
  const from = f.local("i32");
  const to = f.local("i32");
  const row = Array.from({ length: Math.ceil(columns / lanes) }, (_, j) =>
    store("v128.store", get(to), load("v128.load", get(from), j * lanes * bytes), j * lanes * bytes),
  );
  return [
    set(from, get(source)),
    set(to, get(target)),
    ...repeat(
      f,
      inner,
      [
        [from, b.rowStride * bytes],
        [to, rowStride * bytes],
      ],
      row,
    ),
  ];
}
