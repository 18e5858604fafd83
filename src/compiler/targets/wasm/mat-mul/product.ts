import type { FunctionWriter } from "../assembler/function-writer.js";
import { constant, get, type Instruction, operation, set } from "../assembler/instruction.js";
import { repeat } from "../assembler/repeat.js";
import { innerProducts } from "./inner-products.js";
import { KernelWriter } from "./kernel-writer.js";
import type { MatMulSignature } from "./mat-mul-signature.js";
import { outerProducts } from "./outer-products.js";
import { packCode } from "./pack.js";
import { type PackedFactor, type Plan, planOf } from "./plan.js";
import type { Run } from "./runs.js";
import { type Pointers, tileCode } from "./tile.js";

/**
 * A product, after the copies that its plan wants: panels of B from left to right; for each, tiles from the top of C to
 * the bottom, so that the panel stays in the first-level cache. The pointers move; the function's fourth parameter, if
 * it has one, is the address of the scratch memory.
 */
export function productCode(f: FunctionWriter, signature: MatMulSignature, given: Pointers): Instruction[] {
  const { precision, rows, inner } = signature;
  const plan = planOf(signature);
  const { packedA, packedB } = plan;
  const kernel = new KernelWriter(f, packedSignature(signature, plan));
  const { bytes } = kernel.format;
  const a = packedA ? f.local("i32") : given.a;
  const b = packedB ? f.local("i32") : given.b;
  const packA = (targetStride: number): Instruction[] =>
    packCode(f, { precision, rows, columns: inner, source: signature.a, targetStride }, get(given.a), get(a));
  const packPanel = (columns: number, targetStride: number): Instruction[] =>
    packCode(f, { precision, rows: inner, columns, source: signature.b, targetStride }, get(given.b), get(b));
  const panels = ({ count, size }: Run): Instruction[] =>
    repeat(
      f,
      count,
      [
        [given.b, size * signature.b.columnStride * bytes],
        [given.c, size * bytes],
      ],
      [
        ...(packedB ? packPanel(size, packedB.rowStride) : []),
        ...tilesOfPanel(kernel, plan, size, { a, b, c: given.c }),
      ],
    );
  return [
    ...(packedA ? [set(a, addressOf(f, packedA)), ...packA(packedA.rowStride)] : []),
    ...(packedB ? [set(b, addressOf(f, packedB))] : []),
    ...plan.tiling.widths.flatMap(panels),
  ];
}

function addressOf(f: FunctionWriter, { offset }: PackedFactor): Instruction {
  return operation("i32.add", get(f.parameter(3)), constant("i32", offset));
}

/** The product as its tiles see it: of the copies, where there are any. */
function packedSignature(signature: MatMulSignature, { packedA, packedB }: Plan): MatMulSignature {
  return {
    ...signature,
    a: packedA ? { rowStride: packedA.rowStride, columnStride: 1 } : signature.a,
    b: packedB ? { rowStride: packedB.rowStride, columnStride: 1 } : signature.b,
  };
}

/** The tiles of a panel of so many columns, from the top of C to the bottom. */
function tilesOfPanel(
  kernel: KernelWriter,
  { form, tiling }: Plan,
  columns: number,
  { a, b, c }: Pointers,
): Instruction[] {
  const { f, signature, format } = kernel;
  const tileForm = form === "outer" ? outerProducts(kernel) : innerProducts(kernel);
  const rowOfA = f.local("i32");
  const rowOfC = f.local("i32");
  const tiles = tiling.heights(columns).flatMap(({ count, size }) =>
    repeat(
      f,
      count,
      [
        [rowOfA, size * signature.a.rowStride * format.bytes],
        [rowOfC, size * signature.c.rowStride * format.bytes],
      ],
      tileCode(kernel, tileForm, { rows: size, columns }, { a: rowOfA, b, c: rowOfC }),
    ),
  );
  return [set(rowOfA, get(a)), set(rowOfC, get(c)), ...tiles];
}
