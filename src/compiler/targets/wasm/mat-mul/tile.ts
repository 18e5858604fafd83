import { get, type Instruction, type Local, load, set, vectorConstant } from "../assembler/instruction.js";
import type { KernelWriter } from "./kernel-writer.js";
import { productSteps } from "./product-steps.js";
import { storeLanes } from "./store-lanes.js";
import type { TileForm, Vectors } from "./tile-form.js";

/** A part of C whose sums stay in registers while the inner axis is run through; its size in elements. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

/** Where the rows of A, the columns of B and the elements of C start. */
export interface Pointers {
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
}

const zero = vectorConstant(new Uint8Array(16));

/** Computes a tile, and writes it to C or adds it there. */
export function tileCode(
  kernel: KernelWriter,
  form: TileForm,
  tile: Tile,
  pointers: Pointers,
): Instruction[] {
  kernel.startTile();
  const columns = Math.ceil(tile.columns / form.columnsOfSum);
  const steps = kernel.signature.inner / form.stepLength;
  const chains = Array.from({ length: chainsOf(tile.rows * columns, steps) }, () =>
    vectorsOf(kernel, tile.rows, columns),
  );
  const [sums, ...others] = chains;
  const { code, rows } = form.gather(sums);
  return [
    set(kernel.a, get(pointers.a)),
    set(kernel.b, get(pointers.b)),
    ...chains.flat(2).map((sum) => set(sum, zero)),
    ...productSteps(kernel, form, chains),
    ...others.flatMap((chain) => addVectors(kernel, sums, chain)),
    ...code,
    ...storeTile(kernel, tile, rows, pointers.c),
  ];
}

/** One sum is a chain of additions that wait for each other; of one or two sums each is computed in several chains. */
function chainsOf(sums: number, steps: number): number {
  return sums <= 2 && steps >= 16 ? 4 / sums : 1;
}

function vectorsOf(kernel: KernelWriter, rows: number, columns: number): Vectors {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => kernel.vector()));
}

function addVectors(kernel: KernelWriter, sums: Vectors, others: Vectors): Instruction[] {
  return sums.flatMap((row, i) => row.map((sum, j) => kernel.add(sum, get(others[i][j]))));
}

/** All of the tile is read before any is written: V8 does not pair vectors over a write that lies between them. */
function storeTile(kernel: KernelWriter, tile: Tile, rows: Vectors, c: Local): Instruction[] {
  const { signature, format } = kernel;
  const { lanes, bytes } = format;
  const offset = (i: number, j: number): number => (i * signature.c.rowStride + j * lanes) * bytes;
  const each = (code: (vector: Local, i: number, j: number) => Instruction[]): Instruction[] =>
    rows.flatMap((row, i) => row.flatMap((vector, j) => code(vector, i, j)));
  const stores = each((vector, i, j) =>
    storeLanes(format, get(c), vector, tile.columns - j * lanes, offset(i, j)),
  );
  if (!signature.accumulate) return stores;
  const sums = each((vector, i, j) => [kernel.add(vector, load("v128.load", get(c), offset(i, j)))]);
  return [...sums, ...stores];
}
