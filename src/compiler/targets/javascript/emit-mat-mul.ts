import type { MatMulNode, Node } from "../../graph/node.js";
import { broadcastStrides, sizeOf } from "../../shape.js";

/**
 * Source of a matrix product. The innermost loop runs along a row of the result and of B, so that memory is read in
 * order; four rows of B are combined per pass. Where B is transposed it is dot products of rows.
 */
export function emitMatMul(
  node: MatMulNode,
  result: string,
  element: (input: Node, at: string) => string,
): string {
  const [a, b] = node.inputs;
  const [rows, columns] = node.shape.slice(-2);
  const inner = a.shape[a.shape.length - (node.transposeA ? 2 : 1)];
  const batches = sizeOf(node.shape.slice(0, -2));
  const elementA = (i: string, k: string): string =>
    element(a, `startA + ${node.transposeA ? `${k} * ${rows} + ${i}` : `${i} * ${inner} + ${k}`}`);
  const elementB = (k: string, j: string): string =>
    element(b, `startB + ${node.transposeB ? `${j} * ${inner} + ${k}` : `${k} * ${columns} + ${j}`}`);
  const product = node.transposeB ? dotProducts() : combinedRows();
  const body = `for (let i = 0; i < ${rows}; i++) { const c = startC + i * ${columns}; ${product} }`;
  return batches === 1 ? `{ const startA = 0, startB = 0, startC = 0; ${body} }` : overBatches(node, body);

  function dotProducts(): string {
    return (
      `for (let j = 0; j < ${columns}; j++) { let sum = 0; ` +
      `for (let k = 0; k < ${inner}; k++) sum += ${elementA("i", "k")} * ${elementB("k", "j")}; ` +
      `${result}[c + j] = sum; }`
    );
  }

  function combinedRows(): string {
    const block = 4;
    const blocked = inner - (inner % block);
    const pass = (count: number, k: (offset: number) => string): string => {
      const offsets = Array.from({ length: count }, (_, offset) => offset);
      const factors = offsets.map((offset) => `p${offset} = ${elementA("i", k(offset))}`).join(", ");
      const terms = offsets.map((offset) => `p${offset} * ${elementB(k(offset), "j")}`).join(" + ");
      return `{ const ${factors}; for (let j = 0; j < ${columns}; j++) ${result}[c + j] += ${terms}; }`;
    };
    const many = pass(block, (offset) => (offset ? `(k + ${offset})` : "k"));
    return (
      `for (let j = 0; j < ${columns}; j++) ${result}[c + j] = 0; ` +
      (blocked ? `for (let k = 0; k < ${blocked}; k += ${block}) ${many} ` : "") +
      (blocked < inner ? `for (let k = ${blocked}; k < ${inner}; k++) ${pass(1, () => "k")}` : "")
    );
  }
}

/** Loops over leading axes; an operand without a batch axis is used again for each batch. */
function overBatches(node: MatMulNode, body: string): string {
  const batch = node.shape.slice(0, -2);
  const [a, b] = node.inputs;
  const variables = batch.map((_, axis) => `q${axis}`);
  const start = (input: Node): string => {
    const matrix = sizeOf(input.shape.slice(-2));
    const strides = broadcastStrides(input.shape.slice(0, -2), batch);
    return variables.map((q, axis) => `${q} * ${strides[axis] * matrix}`).join(" + ");
  };
  const loops = batch
    .map((length, axis) => `for (let q${axis} = 0; q${axis} < ${length}; q${axis}++) `)
    .join("");
  const own = sizeOf(node.shape.slice(-2));
  const strides = broadcastStrides(batch, batch);
  const startC = variables.map((q, axis) => `${q} * ${strides[axis] * own}`).join(" + ");
  return `${loops}{ const startA = ${start(a)}, startB = ${start(b)}, startC = ${startC}; ${body} }`;
}
