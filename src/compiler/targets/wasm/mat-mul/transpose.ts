import type { Precision } from "../../target.js";
import { FunctionWriter } from "../assembler/function-writer.js";
import { get, type Instruction, type Local, load, set } from "../assembler/instruction.js";
import type { ModuleWriter } from "../assembler/module-writer.js";
import { repeat } from "../assembler/repeat.js";
import { type VectorFormat, vectorFormats } from "../vector-format.js";
import { evenRunsOfUnits, type Run } from "./runs.js";
import { shuffleLanes } from "./shuffle-lanes.js";
import { storeLanes } from "./store-lanes.js";

/** A matrix and where its transpose goes; strides are counted in elements. */
export interface Transposition {
  readonly precision: Precision;
  /** Rows of the source, columns of its transpose. */
  readonly rows: number;
  /** Columns of the source, rows of its transpose. */
  readonly columns: number;
  /** From a row of the source to the next. @defaultValue columns */
  readonly sourceStride?: number;
  /** From a row of the transpose to the next. @defaultValue rows */
  readonly targetStride?: number;
}

const cacheLineBytes = 64;

/** Adds a function `(source, target: i32)` that writes the transpose of a matrix; the two may not overlap. */
export function transposeKernel(module: ModuleWriter, transposition: Transposition): FunctionWriter {
  const f = new FunctionWriter(["i32", "i32"]);
  f.emit(...transposeCode(f, transposition, get(f.parameter(0)), get(f.parameter(1))));
  return module.define(f);
}

/**
 * Transposes by blocks of as many rows and columns as a vector has lanes; of so many rows at a time that what is
 * written to a row of the target fills a cache line.
 */
export function transposeCode(
  f: FunctionWriter,
  transposition: Transposition,
  source: Instruction,
  target: Instruction,
): Instruction[] {
  const { precision, rows, columns, sourceStride = columns, targetStride = rows } = transposition;
  if (rows * columns === 0) return [];
  const { lanes, bytes } = vectorFormats[precision];
  const [bandSource, bandTarget, from, to] = Array.from({ length: 4 }, () => f.local("i32"));
  const block = blockWriter(f, vectorFormats[precision], { from, to, sourceStride, targetStride });
  const column = (height: number, width: number): Instruction[] =>
    pieces(height, lanes).flatMap(([row, length]) => block(row, length, width));
  const band = ({ count, size }: Run): Instruction[] =>
    repeat(
      f,
      count,
      [
        [bandSource, size * sourceStride * bytes],
        [bandTarget, size * bytes],
      ],
      [
        set(from, get(bandSource)),
        set(to, get(bandTarget)),
        ...evenRunsOfUnits(columns, lanes, lanes).flatMap((run) =>
          repeat(
            f,
            run.count,
            [
              [from, lanes * bytes],
              [to, lanes * targetStride * bytes],
            ],
            column(size, run.size),
          ),
        ),
      ],
    );
  return [
    set(bandSource, source),
    set(bandTarget, target),
    ...evenRunsOfUnits(rows, cacheLineBytes / bytes, lanes).flatMap(band),
  ];
}

/** Where each piece of a length starts, and how long it is. */
function pieces(length: number, most: number): [start: number, length: number][] {
  return Array.from({ length: Math.ceil(length / most) }, (_, piece) => [
    piece * most,
    Math.min(most, length - piece * most),
  ]);
}

interface BlockPlace {
  readonly from: Local;
  readonly to: Local;
  readonly sourceStride: number;
  readonly targetStride: number;
}

/** Writes a block of `height` rows, from `row` on, and `width` columns. Rows that are not there repeat the last one. */
function blockWriter(
  f: FunctionWriter,
  format: VectorFormat,
  { from, to, sourceStride, targetStride }: BlockPlace,
): (row: number, height: number, width: number) => Instruction[] {
  const { lanes, bytes } = format;
  const given = Array.from({ length: lanes }, () => f.local("v128"));
  const others = Array.from({ length: lanes }, () => f.local("v128"));
  const { code, transposed } = transposeVectors(format, given, others);
  return (row, height, width) => [
    ...given.map((vector, lane) => {
      const offset = (row + Math.min(lane, height - 1)) * sourceStride * bytes;
      return set(vector, load("v128.load", get(from), offset));
    }),
    ...code,
    ...transposed
      .slice(0, width)
      .flatMap((vector, column) =>
        storeLanes(format, get(to), vector, height, (column * targetStride + row) * bytes),
      ),
  ];
}

/**
 * Lane i of vector j becomes lane j of vector i. Of two vectors the result is in the other variables, of four, after two
 * rounds, in the given ones again.
 */
function transposeVectors(
  format: VectorFormat,
  given: readonly Local[],
  others: readonly Local[],
): { code: Instruction[]; transposed: readonly Local[] } {
  const mix = (to: Local, lanes: readonly number[], x: Local, y: Local): Instruction =>
    set(to, shuffleLanes(format, lanes, x, y));
  const [a, b, c, d] = given;
  const [p, q, r, s] = others;
  if (format.lanes === 2) return { code: [mix(p, [0, 2], a, b), mix(q, [1, 3], a, b)], transposed: others };
  const code = [
    mix(p, [0, 4, 1, 5], a, b),
    mix(q, [0, 4, 1, 5], c, d),
    mix(r, [2, 6, 3, 7], a, b),
    mix(s, [2, 6, 3, 7], c, d),
    mix(a, [0, 1, 4, 5], p, q),
    mix(b, [2, 3, 6, 7], p, q),
    mix(c, [0, 1, 4, 5], r, s),
    mix(d, [2, 3, 6, 7], r, s),
  ];
  return { code, transposed: given };
}
