import type { Node, OperationName } from "../graph/node.js";
import type { Target } from "./target.js";

/** How far a result may be from the exact one: |difference| <= relative |exact| + absolute. */
export interface Tolerance {
  readonly relative: number;
  /** For operands of order one: what a sum that cancels can leave. */
  readonly absolute: number;
}

type Computation = `${Target["name"]} ${Target["precision"]}`;

/** What each target keeps to, operation by operation, for contractions of a few dozen terms. */
const tolerances: Partial<Record<Computation, Tolerance>> = {
  "javascript float64": { relative: 1e-14, absolute: 1e-14 },
  "onnx float64": { relative: 1e-14, absolute: 1e-14 },
  "onnx float32": { relative: 1e-6, absolute: 1e-6 },
  "tfjs float32": { relative: 1e-6, absolute: 1e-6 },
};

/** Where a target's own implementation of an operation is less exact than the rest. */
const exceptions: Partial<Record<Computation, Partial<Record<OperationName, Tolerance>>>> = {};

/** How far results of these nodes, computed by a target, may be from exact ones. */
export function toleranceOf({ name, precision }: Target, nodes: readonly Node[]): Tolerance {
  const computation: Computation = `${name} ${precision}`;
  const known = tolerances[computation] ?? { relative: 1e-6, absolute: 1e-6 };
  const special = nodes.flatMap(({ operation }) => exceptions[computation]?.[operation] ?? []);
  return [known, ...special].reduce((a, b) => ({
    relative: Math.max(a.relative, b.relative),
    absolute: Math.max(a.absolute, b.absolute),
  }));
}
