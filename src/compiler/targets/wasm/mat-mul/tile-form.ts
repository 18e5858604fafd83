import type { Instruction, Local } from "../assembler/instruction.js";

/** Rows of vectors. */
export type Vectors = readonly (readonly Local[])[];

/** How a tile of C is computed: what a sum holds, and what is read for it. */
export interface TileForm {
  /** Columns of C that a sum belongs to. */
  readonly columnsOfSum: number;
  /** Elements of the inner axis that one step takes. */
  readonly stepLength: number;
  /** The factor that row `i` of the tile has from A, `k` elements along the inner axis; `length` are left of it. */
  readA(i: number, k: number, length: number): Instruction;
  /** The factor that column `j` of the sums has from B. */
  readB(j: number, k: number, length: number): Instruction;
  /** Turns the sums into rows of C, each in the first of its vectors. */
  gather(sums: Vectors): { readonly code: readonly Instruction[]; readonly rows: Vectors };
}
