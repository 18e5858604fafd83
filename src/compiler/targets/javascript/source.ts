import { isUniform, type Node } from "../../graph/node.js";
import type { Shape } from "../../shape.js";
import { elementsOf, type Storage } from "./storage.js";

/** Names in the generated source: constants known in full are arrays `k0`, `k1`, ..., scalars are `s[i]`. */
export interface Names {
  readonly storage: Storage;
  readonly constants: Map<Node, string>;
  readonly scalars: Map<Node, string>;
}

/** Source of a reference to one element; `at` is the source of its index. */
export function element(names: Names, node: Node, at: string): string {
  const origin = elementsOf(node);
  if (isUniform(origin)) return numberText(origin.value);
  if (origin.operation === "constant") return `${names.constants.get(origin)}[${at}]`;
  return names.scalars.get(origin) ?? `${names.storage.nameOf(origin)}[${at}]`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "(-Infinity)";
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? "-0" : value})` : String(value);
}

const loopVariable = (axis: number): string => ["i", "j", "k", "l", "m", "n"][axis] ?? `i${axis}`;

/** Nested loops over a shape; axes of length 1 have no loop. `body` gets the source of the index along each axis. */
export function overShape(shape: Shape, body: (index: readonly string[]) => string): string {
  const index = shape.map((length, axis) => (length === 1 ? "0" : loopVariable(axis)));
  const loops = shape.map((length, axis) =>
    length === 1 ? "" : `for (let ${index[axis]} = 0; ${index[axis]} < ${length}; ${index[axis]}++) `,
  );
  return `${loops.join("")}{ ${body(index)} }`;
}

/** Source of sum_axis index[axis] strides[axis] + offset. */
export function position(index: readonly string[], strides: readonly number[], offset = 0): string {
  const terms = index.flatMap((name, axis) => {
    if (name === "0" || strides[axis] === 0) return [];
    return strides[axis] === 1 ? [name] : [`${name} * ${strides[axis]}`];
  });
  if (offset > 0 || terms.length === 0) terms.push(String(offset));
  return terms.join(" + ");
}
