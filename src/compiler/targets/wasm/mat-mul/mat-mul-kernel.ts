import { FunctionWriter } from "../assembler/function-writer.js";
import { constant, get, type Instruction, type Local, operation, set } from "../assembler/instruction.js";
import type { ModuleWriter } from "../assembler/module-writer.js";
import { innerProducts } from "./inner-products.js";
import { KernelWriter } from "./kernel-writer.js";
import type { MatMulSignature, MatrixStrides } from "./mat-mul-signature.js";
import { outerProducts } from "./outer-products.js";
import { packCode } from "./pack.js";
import { type PackedFactor, type Plan, planOf } from "./plan.js";
import { repeat } from "./repeat.js";
import type { Run } from "./runs.js";
import { type Pointers, tileCode } from "./tile.js";

const kernels = new WeakMap<ModuleWriter, Map<string, FunctionWriter>>();

/**
 * Adds a function that computes a matrix product, or gives the one that the module has already. Its parameters are the
 * addresses of A, B and C, all i32, and one of `matMulScratchBytes` of memory where that is not 0. C may not overlap a
 * factor. Up to 15 bytes after a matrix may be read; nothing but C and the scratch memory is written.
 */
export function matMulKernel(module: ModuleWriter, signature: MatMulSignature): FunctionWriter {
  const own = kernels.get(module) ?? new Map<string, FunctionWriter>();
  kernels.set(module, own);
  const product = normalized(signature);
  const key = JSON.stringify(product);
  const kernel = own.get(key) ?? module.define(newKernel(product));
  own.set(key, kernel);
  return kernel;
}

/** Bytes of memory that a product's kernel copies factors to: 0 for most, which then take no address of it. */
export function matMulScratchBytes(signature: MatMulSignature): number {
  const product = normalized(signature);
  return isEmpty(product) ? 0 : planOf(rowOf(product) ?? product).scratchBytes;
}

/** The same product with a stride of 1 along axes of fewer than two elements, in an order of keys of its own. */
function normalized(signature: MatMulSignature): MatMulSignature {
  const { precision, rows, columns, inner, a, b, c, accumulate, fusedMultiplyAdd } = signature;
  const along = (length: number, stride: number): number => (inner > 0 && length > 1 ? stride : 1);
  return {
    ...{ precision, rows, columns, inner, accumulate, fusedMultiplyAdd },
    a: { rowStride: along(rows, a.rowStride), columnStride: along(inner, a.columnStride) },
    b: { rowStride: along(inner, b.rowStride), columnStride: along(columns, b.columnStride) },
    c: { rowStride: rows > 1 ? c.rowStride : 1 },
    registerBits: signature.registerBits ?? 128,
  };
}

function isEmpty({ rows, columns, inner, accumulate }: MatMulSignature): boolean {
  return rows === 0 || columns === 0 || (inner === 0 && accumulate);
}

/** A product that is a column without gaps, as the row that is its transpose: B^T A^T. */
function rowOf(signature: MatMulSignature): MatMulSignature | undefined {
  const { rows, columns, a, b, c } = signature;
  if (columns !== 1 || rows === 1 || c.rowStride !== 1) return undefined;
  if (a.rowStride !== 1 && (a.columnStride !== 1 || b.rowStride !== 1)) return undefined;
  return {
    ...signature,
    rows: 1,
    columns: rows,
    a: { rowStride: b.columnStride, columnStride: b.rowStride },
    b: { rowStride: a.columnStride, columnStride: a.rowStride },
  };
}

function newKernel(signature: MatMulSignature): FunctionWriter {
  const needsScratch = matMulScratchBytes(signature) > 0;
  const f = new FunctionWriter(needsScratch ? ["i32", "i32", "i32", "i32"] : ["i32", "i32", "i32"]);
  if (isEmpty(signature)) return f;
  const [a, b, c] = [0, 1, 2].map((position) => f.parameter(position));
  const row = rowOf(signature);
  f.emit(...(row ? productCode(f, row, { a: b, b: a, c }) : productCode(f, signature, { a, b, c })));
  return f;
}

/** Panels of B from left to right; for each, the rows of A from top to bottom, so that the panel stays in cache. */
function productCode(f: FunctionWriter, signature: MatMulSignature, given: Pointers): Instruction[] {
  const { precision, rows, inner } = signature;
  const plan = planOf(signature);
  const { packedA, packedB } = plan;
  const a = packedA ? f.local("i32") : given.a;
  const b = packedB ? f.local("i32") : given.b;
  const kernel = new KernelWriter(f, packedSignature(signature, plan));
  const { bytes } = kernel.format;
  const pack = (
    size: { rows: number; columns: number },
    source: MatrixStrides,
    from: Local,
    to: Local,
    targetStride: number,
  ) => packCode(f, { precision, ...size, source, targetStride }, get(from), get(to));
  const panel = ({ count, size }: Run): Instruction[] =>
    repeat(
      f,
      count,
      [
        [given.b, size * signature.b.columnStride * bytes],
        [given.c, size * bytes],
      ],
      [
        ...(packedB ? pack({ rows: inner, columns: size }, signature.b, given.b, b, packedB.rowStride) : []),
        ...columnOfTiles(kernel, plan, size, { a, b, c: given.c }),
      ],
    );
  return [
    ...(packedA
      ? [
          set(a, addressOf(f, packedA)),
          ...pack({ rows, columns: inner }, signature.a, given.a, a, packedA.rowStride),
        ]
      : []),
    ...(packedB ? [set(b, addressOf(f, packedB))] : []),
    ...plan.tiling.widths.flatMap(panel),
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

function columnOfTiles(
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
