import { LuDecomposition, Matrix } from "ml-matrix";

/** A matrix somewhere in an array: element (i, j) lies at `start + i rowStride + j columnStride`. */
export interface MatrixView {
  readonly data: Float64Array | Float32Array;
  readonly start: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Solves A X = B with A of n rows and B of m columns, by LU decomposition with row exchanges; NaN where A is singular. */
export function solveLinearSystem(n: number, m: number, a: MatrixView, b: MatrixView, x: MatrixView): void {
  const decomposition = new LuDecomposition(toMatrix(n, n, a));
  const solution = decomposition.isSingular() ? undefined : decomposition.solve(toMatrix(n, m, b));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      x.data[x.start + i * x.rowStride + j * x.columnStride] = solution?.get(i, j) ?? Number.NaN;
    }
  }
}

function toMatrix(
  rows: number,
  columns: number,
  { data, start, rowStride, columnStride }: MatrixView,
): Matrix {
  const matrix = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix.set(i, j, data[start + i * rowStride + j * columnStride]);
  }
  return matrix;
}

/** Solves a system for each of `count` matrices that lie one after the other, row by row; A or its transpose. */
export function solveLinearSystems(
  [count, n, m]: readonly [number, number, number],
  transposeA: boolean,
  a: Float64Array,
  b: Float64Array,
  x: Float64Array,
): void {
  const [rowStride, columnStride] = transposeA ? [1, n] : [n, 1];
  for (let i = 0; i < count; i++) {
    const rightSide = { start: i * n * m, rowStride: m, columnStride: 1 };
    const matrix = { data: a, start: i * n * n, rowStride, columnStride };
    solveLinearSystem(n, m, matrix, { data: b, ...rightSide }, { data: x, ...rightSide });
  }
}
