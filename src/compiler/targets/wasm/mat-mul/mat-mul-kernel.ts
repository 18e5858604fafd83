import { FunctionWriter } from "../assembler/function-writer.js";
import type { ModuleWriter } from "../assembler/module-writer.js";
import type { MatMulSignature } from "./mat-mul-signature.js";
import { planOf } from "./plan.js";
import { productCode } from "./product.js";

/*
 * A product is cut into tiles of C whose sums stay in registers (Goto and van de Geijn, Anatomy of high-performance
 * matrix multiplication, ACM Trans. Math. Softw. 34(3), 2008), here in two forms: outer products where the columns of B
 * lie side by side, and inner products where B is transposed. So neither factor is copied, whatever is transposed, but
 * where the processor's cache or TLB would be strained (`plan.ts`), or where V8 pairs vectors, which it cannot in inner
 * products. There is no blocking of the inner axis: up to 784 steps it gains nothing here, since the prefetcher brings
 * the panels in time.
 */

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
