import { type Instruction, set } from "../assembler/instruction.js";
import { repeat } from "../assembler/repeat.js";
import type { KernelWriter } from "./kernel-writer.js";
import type { TileForm, Vectors } from "./tile-form.js";

/**
 * Products of up to so many steps are written out. Longer ones are a loop of one step for each chain: with two steps of
 * the same sums V8 11 (Node 20) moves these between registers and loses a third of the speed.
 */
const mostStepsWithoutLoop = 8;

/** Adds the products along the inner axis to the sums, step after step to one chain of them after another. */
export function productSteps(
  kernel: KernelWriter,
  form: TileForm,
  chains: readonly Vectors[],
): Instruction[] {
  const { signature, format } = kernel;
  const { stepLength } = form;
  const writeStep = stepWriter(kernel, form, chains[0].length, chains[0][0].length);
  const some = (count: number): Instruction[] =>
    Array.from({ length: count }, (_, step) =>
      writeStep(chains[step % chains.length], step * stepLength, stepLength),
    ).flat();
  const steps = Math.floor(signature.inner / stepLength);
  const inLoop = steps <= mostStepsWithoutLoop ? Math.max(1, steps) : chains.length;
  const afterLoop = steps % inLoop;
  const rest = signature.inner % stepLength;
  const bytes = inLoop * stepLength * format.bytes;
  return [
    ...repeat(
      kernel.f,
      Math.floor(steps / inLoop),
      [
        [kernel.b, bytes * signature.b.rowStride],
        [kernel.a, bytes * signature.a.columnStride],
      ],
      some(inLoop),
    ),
    ...some(afterLoop),
    ...(rest > 0 ? writeStep(chains[0], afterLoop * stepLength, rest) : []),
  ];
}

/**
 * Writes a step: `k` elements along the inner axis from where the kernel's pointers are, one product for each sum. The
 * factors of the shorter side are held in registers, those of the longer one pass by.
 */
function stepWriter(
  kernel: KernelWriter,
  form: TileForm,
  rows: number,
  columns: number,
): (sums: Vectors, k: number, length: number) => Instruction[] {
  const passing = kernel.vector();
  const held = Array.from({ length: Math.min(rows, columns) }, () => kernel.vector());
  const byRows = (sums: Vectors, k: number, length: number): Instruction[] => [
    ...held.map((vector, j) => set(vector, form.readB(j, k, length))),
    ...sums.flatMap((row, i) => [
      set(passing, form.readA(i, k, length)),
      ...row.map((sum, j) => kernel.addProduct(sum, passing, held[j])),
    ]),
  ];
  const byColumns = (sums: Vectors, k: number, length: number): Instruction[] => [
    ...held.map((vector, i) => set(vector, form.readA(i, k, length))),
    ...sums[0].flatMap((_, j) => [
      set(passing, form.readB(j, k, length)),
      ...sums.map((row, i) => kernel.addProduct(row[j], held[i], passing)),
    ]),
  ];
  return rows < columns ? byColumns : byRows;
}
