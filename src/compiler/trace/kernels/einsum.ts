import type { GraphBuilder } from "../../graph/graph-builder.js";
import type { Node } from "../../graph/node.js";
import { reshape, transpose } from "../../operations/arrange.js";
import { apply } from "../../operations/elementwise.js";
import { matMul } from "../../operations/mat-mul.js";
import { reduce } from "../../operations/reduce.js";
import { slice } from "../../operations/slice.js";
import { type Shape, shapeText, sizeOf } from "../../shape.js";

/** An operand and the letter of each of its axes. */
interface Term {
  readonly node: Node;
  readonly labels: string;
}

/**
 * Einstein's summation: axes of one letter are multiplied together, letters that the result lacks are summed over. A
 * letter twice in one operand takes the diagonal. Without "->", the result has the letters that occur once, in
 * alphabetical order. Operands are combined from left to right, each pair by one matrix product.
 *
 * @throws RangeError when the equation does not fit the operands.
 */
export function einsum(builder: GraphBuilder, equation: string, operands: readonly Node[]): Node {
  const { inputs, output } = parse(equation, operands);
  const terms = operands.map((node, i) => diagonal(builder, { node, labels: inputs[i] }));
  let result = terms[0];
  terms.slice(1).forEach((term, i) => {
    const later = terms.slice(i + 2).map(({ labels }) => labels);
    result = contract(builder, result, term, new Set([output, ...later].join("")));
  });
  const summed = sumOut(builder, result, new Set(output));
  return arrange(builder, summed, output);
}

function parse(equation: string, operands: readonly Node[]) {
  const fault = (what: string): RangeError => new RangeError(`einsum "${equation}": ${what}`);
  const [left, right, ...more] = equation.replaceAll(" ", "").split("->");
  const inputs = left.split(",");
  const letters = [...inputs.join("")];
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  const output = right ?? once.sort().join("");
  if (more.length > 0 || !/^[A-Za-z,]*$/.test(left + output)) {
    throw fault("may have letters, commas and one arrow only; write out the axes of an ellipsis");
  }
  if (inputs.length !== operands.length) {
    throw fault(`names ${inputs.length} operands, got ${operands.length}`);
  }
  inputs.forEach((labels, i) => {
    const { shape } = operands[i];
    if (labels.length !== shape.length)
      throw fault(`"${labels}" names ${labels.length} axes of an operand of shape ${shapeText(shape)}`);
  });
  requireEqualLengths(inputs, operands, fault);
  const unknown = [...output].find((letter) => !letters.includes(letter));
  if (unknown) throw fault(`the result's axis "${unknown}" occurs in no operand`);
  if (new Set(output).size !== output.length) throw fault("the result names an axis twice");
  return { inputs, output };
}

function requireEqualLengths(
  inputs: readonly string[],
  operands: readonly Node[],
  fault: (what: string) => RangeError,
): void {
  const lengths = new Map<string, number>();
  inputs.forEach((labels, i) => {
    [...labels].forEach((letter, axis) => {
      const length = operands[i].shape[axis];
      const earlier = lengths.get(letter) ?? length;
      if (earlier !== length) throw fault(`"${letter}" has the lengths ${earlier} and ${length}`);
      lengths.set(letter, length);
    });
  });
}

/** Takes the diagonal for each letter that occurs twice: of n^2 elements in a row, every (n + 1)-th. */
function diagonal(builder: GraphBuilder, term: Term): Term {
  const { node, labels } = term;
  const second = [...labels].findIndex((letter, axis) => labels.indexOf(letter) < axis);
  if (second < 0) return term;
  const first = labels.indexOf(labels[second]);
  const others = [...labels].map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const outer = others.map((axis) => node.shape[axis]);
  const length = node.shape[first];
  const turned = transpose(builder, node, [...others, first, second]);
  const flat = reshape(builder, turned, [sizeOf(outer), length * length]);
  const picked = slice(builder, flat, [0, 0], [sizeOf(outer), length], [1, length + 1]);
  const kept = others.map((axis) => labels[axis]).join("") + labels[first];
  return diagonal(builder, { node: reshape(builder, picked, [...outer, length]), labels: kept });
}

/** Multiplies two terms and sums over the letters that nothing else needs. */
function contract(builder: GraphBuilder, a: Term, b: Term, needed: ReadonlySet<string>): Term {
  const left = sumOut(builder, a, new Set([...needed, ...b.labels]));
  const right = sumOut(builder, b, new Set([...needed, ...a.labels]));
  const shared = [...left.labels].filter((letter) => right.labels.includes(letter));
  const batch = shared.filter((letter) => needed.has(letter)).join("");
  const inner = shared.filter((letter) => !needed.has(letter)).join("");
  const only = (term: Term): string => [...term.labels].filter((letter) => !shared.includes(letter)).join("");
  const [rows, columns] = [only(left), only(right)];
  const batchShape = lengthsOf(left, batch);
  const [rowShape, columnShape] = [lengthsOf(left, rows), lengthsOf(right, columns)];
  const matrix = (term: Term, first: string, second: string): Node =>
    reshape(builder, arrange(builder, term, batch + first + second), [
      ...batchShape,
      sizeOf(lengthsOf(term, first)),
      sizeOf(lengthsOf(term, second)),
    ]);
  const factors = [matrix(left, rows, inner), matrix(right, inner, columns)] as const;
  const product = inner === "" ? apply(builder, "mul", ...factors) : matMul(builder, ...factors);
  return {
    node: reshape(builder, product, [...batchShape, ...rowShape, ...columnShape]),
    labels: batch + rows + columns,
  };
}

function sumOut(builder: GraphBuilder, { node, labels }: Term, needed: ReadonlySet<string>): Term {
  const axes = [...labels].flatMap((letter, axis) => (needed.has(letter) ? [] : [axis]));
  const kept = [...labels].filter((letter) => needed.has(letter)).join("");
  return { node: reduce(builder, "sum", node, axes), labels: kept };
}

function arrange(builder: GraphBuilder, { node, labels }: Term, order: string): Node {
  return transpose(
    builder,
    node,
    [...order].map((letter) => labels.indexOf(letter)),
  );
}

function lengthsOf({ node, labels }: Term, letters: string): Shape {
  return [...letters].map((letter) => node.shape[labels.indexOf(letter)]);
}
