import type { GraphBuilder } from "../graph/graph-builder.js";
import { type ElementType, type Node, uniformValue } from "../graph/node.js";
import { type Shape, sameShape, sizeOf } from "../shape.js";
import { broadcast, concat } from "./arrange.js";
import { cast } from "./cast.js";
import { apply } from "./elementwise.js";
import type { ElementwiseName } from "./elementwise-table.js";

/*
 * Every rule here holds for all finite numbers, up to rounding and the sign of zero. Two hold for no others: 0 x and
 * 0 / x become 0 although they are NaN for an infinite x (or 0 / 0). Without them no unused part of a derivative would
 * fall away, and every compiler of derivatives takes this freedom with a *known* zero. A NaN is hidden in no other way.
 */

/** Operands of one application; `known[i]` is the number that fills operand i, where it is a uniform constant. */
interface Application {
  readonly builder: GraphBuilder;
  readonly inputs: readonly Node[];
  readonly known: readonly (number | undefined)[];
  readonly shape: Shape;
  readonly type: ElementType;
}

type Rule = (application: Application) => Node | undefined;

/** A simpler node with the same value (up to rounding), or undefined when no rule applies. */
export function simplifyElementwise(
  builder: GraphBuilder,
  operation: ElementwiseName,
  inputs: readonly Node[],
  shape: Shape,
  type: ElementType,
): Node | undefined {
  const simpler = rules[operation]?.({ builder, inputs, known: inputs.map(uniformValue), shape, type });
  return simpler && broadcast(builder, cast(builder, simpler, type), shape);
}

const rules: Partial<Record<ElementwiseName, Rule>> = {
  add: simplifyAdd,
  sub: simplifySub,
  mul: simplifyMul,
  div: simplifyDiv,
  pow: simplifyPow,
  neg: ({ inputs: [a] }) => (a.operation === "neg" ? a.inputs[0] : undefined),
  square: ({ builder, inputs: [a] }) =>
    a.operation === "neg" ? apply(builder, "square", a.inputs[0]) : undefined,
  select: ({ inputs: [, a, b], known: [condition] }) => {
    if (a === b) return a;
    if (condition === undefined) return undefined;
    return condition ? a : b;
  },
};

function simplifyAdd({ builder, inputs: [a, b], known: [x, y], shape }: Application): Node | undefined {
  if (y === 0) return a;
  if (x === 0) return b;
  if (b.operation === "neg") return apply(builder, "sub", a, b.inputs[0]);
  if (a.operation === "neg") return apply(builder, "sub", b, a.inputs[0]);
  return (
    gatheredSmallTerms(builder, a, b, shape) ??
    gatheredSmallTerms(builder, b, a, shape) ??
    joinedParts(builder, a, b)
  );
}

/** concat(X, 0) + concat(0, Y) becomes concat(X, Y): the gradients of the parts into which an array was cut. */
function joinedParts(builder: GraphBuilder, a: Node, b: Node): Node | undefined {
  if (a.operation !== "concat" || b.operation !== "concat" || a.axis !== b.axis) return undefined;
  if (a.inputs.length !== b.inputs.length) return undefined;
  const isZero = (node: Node): boolean => uniformValue(node) === 0;
  const complement = a.inputs.every((part, i) => {
    const other = b.inputs[i];
    return sameShape(part.shape, other.shape) && (isZero(part) || isZero(other));
  });
  if (!complement) return undefined;
  const parts = a.inputs.map((part, i) => apply(builder, "add", part, b.inputs[i]));
  return concat(builder, parts, a.axis);
}

/** (X + u) + v becomes X + (u + v) for small u and v (bias, time term): one pass over the large array, not two. */
function gatheredSmallTerms(builder: GraphBuilder, sum: Node, v: Node, shape: Shape): Node | undefined {
  const large = sizeOf(shape);
  if (sum.operation !== "add" || sizeOf(sum.shape) !== large || sizeOf(v.shape) === large) return undefined;
  const u = sum.inputs.find((term) => sizeOf(term.shape) < large);
  const X = sum.inputs.find((term) => sizeOf(term.shape) === large);
  return u && X && apply(builder, "add", X, apply(builder, "add", u, v));
}

function simplifySub({ builder, inputs: [a, b], known: [x, y] }: Application): Node | undefined {
  if (y === 0) return a;
  if (x === 0) return apply(builder, "neg", b);
  return b.operation === "neg" ? apply(builder, "add", a, b.inputs[0]) : undefined;
}

function simplifyMul({ builder, inputs: [a, b], known: [x, y], shape, type }: Application): Node | undefined {
  const scalarFirst = sizeOf(a.shape) === 1 && sizeOf(b.shape) > 1;
  if (y === undefined && (x !== undefined || scalarFirst)) return apply(builder, "mul", b, a);
  if (y === 1) return a;
  if (y === 0) return builder.constant(0, shape, type);
  if (y === -1) return apply(builder, "neg", a);
  if (a === b) return apply(builder, "square", a);
  if (a.operation === "neg") return apply(builder, "neg", apply(builder, "mul", a.inputs[0], b));
  if (b.operation === "neg") return apply(builder, "neg", apply(builder, "mul", a, b.inputs[0]));
  return gatheredScalarFactors(builder, a, b);
}

/** (X s) r becomes X (s r) for scalars s and r. */
function gatheredScalarFactors(builder: GraphBuilder, a: Node, b: Node): Node | undefined {
  if (a.operation !== "mul" || sizeOf(b.shape) !== 1 || sizeOf(a.inputs[1].shape) !== 1) return undefined;
  if (sizeOf(a.shape) === 1 && uniformValue(a.inputs[1]) === undefined) return undefined;
  return apply(builder, "mul", a.inputs[0], apply(builder, "mul", a.inputs[1], b));
}

function simplifyDiv({ builder, inputs: [a], known: [x, y], shape, type }: Application): Node | undefined {
  if (y === 1) return a;
  if (x === 0) return builder.constant(0, shape, type);
  if (y === undefined || type !== "real") return undefined;
  // the reciprocal is exact only for powers of two
  const exact = Number.isInteger(Math.log2(Math.abs(y))) && Number.isFinite(1 / y);
  return exact ? apply(builder, "mul", a, builder.constant(1 / y)) : undefined;
}

function simplifyPow({
  builder,
  inputs: [a],
  known: [, exponent],
  shape,
  type,
}: Application): Node | undefined {
  switch (exponent) {
    case 0:
      return builder.constant(1, shape, type);
    case 1:
      return a;
    case 2:
      return apply(builder, "square", a);
    case 3:
      return apply(builder, "mul", apply(builder, "square", a), a);
    case 0.5:
      return apply(builder, "sqrt", a);
    case -1:
      return apply(builder, "reciprocal", a);
    default:
      return undefined;
  }
}
