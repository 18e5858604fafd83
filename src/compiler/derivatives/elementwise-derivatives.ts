import type { GraphBuilder } from "../graph/graph-builder.js";
import type { ElementwiseNode, Node } from "../graph/node.js";
import type { ElementwiseName } from "../operations/elementwise-table.js";
import { type Formulas, formulas } from "../operations/formulas.js";

/**
 * The change of a result that a small change of one operand causes: the change times the partial derivative. An
 * elementwise operation acts on each element by itself, so its Jacobian is diagonal, and the same formula takes tangents
 * forwards and cotangents backwards. `undefined` says that the result does not vary with the operand.
 */
type Share = ((change: Node) => Node) | undefined;

/** The shares of the operands x (and z, ...) of an operation with result y. */
type Derivative = (f: Formulas, operands: readonly Node[], y: Node) => readonly Share[];

const none: Derivative = (_, operands) => operands.map(() => undefined);

/** The derivative of y = g(x), as a formula in x and y. */
const slope =
  (partial: (f: Formulas, x: Node, y: Node) => Node): Derivative =>
  (f, [x], y) => [(change) => f("mul", change, partial(f, x, y))];

/** The whole change where the condition holds, none elsewhere; and the other way round. */
const chosen = (f: Formulas, condition: Node): readonly [Share, Share] => [
  (change) => f("select", condition, change, 0),
  (change) => f("select", condition, 0, change),
];

const same: Share = (change) => change;

/** Derivatives of the elementwise operations, made of operations that have derivatives: every order follows. */
const derivatives: { readonly [Name in ElementwiseName]: Derivative } = {
  add: () => [same, same],
  sub: (f) => [same, (change) => f("neg", change)],
  mul: (f, [x, z]) => [(change) => f("mul", change, z), (change) => f("mul", change, x)],
  div: (f, [, z], y) => [
    (change) => f("div", change, z),
    (change) => f("neg", f("mul", f("div", change, z), y)),
  ],
  pow: (f, [x, z], y) => {
    // a power of a base that is not positive has no derivative in its exponent: 0, as in tfjs
    const logarithm = () => f("select", f("greater", x, 0), f("log", x), 0);
    return [
      (change) => f("mul", change, f("mul", z, f("pow", x, f("sub", z, 1)))),
      (change) => f("mul", change, f("mul", y, logarithm())),
    ];
  },
  maximum: (f, [x, z]) => chosen(f, f("greaterEqual", x, z)),
  minimum: (f, [x, z]) => chosen(f, f("lessEqual", x, z)),
  mod: (f, [x, z]) => [same, (change) => f("neg", f("mul", change, f("floor", f("div", x, z))))],
  // y = angle of the point (z, x)
  atan2: (f, [x, z]) => {
    const share = (change: Node): Node => f("div", change, f("add", f("square", z), f("square", x)));
    return [(change) => f("mul", share(change), z), (change) => f("neg", f("mul", share(change), x))];
  },
  greater: none,
  greaterEqual: none,
  less: none,
  lessEqual: none,
  equal: none,
  and: none,
  or: none,
  not: none,
  sign: none,
  floor: none,
  round: none,
  select: (f, [condition]) => [undefined, ...chosen(f, condition)],
  neg: (f) => [(change) => f("neg", change)],
  abs: slope((f, x) => f("sign", x)),
  exp: slope((_, __, y) => y),
  expm1: slope((f, _, y) => f("add", y, 1)),
  log: slope((f, x) => f("reciprocal", x)),
  log1p: slope((f, x) => f("reciprocal", f("add", x, 1))),
  sqrt: slope((f, _, y) => f("div", 0.5, y)),
  square: slope((f, x) => f("mul", x, 2)),
  reciprocal: slope((f, _, y) => f("neg", f("square", y))),
  sin: slope((f, x) => f("cos", x)),
  cos: slope((f, x) => f("neg", f("sin", x))),
  tanh: slope((f, _, y) => f("sub", 1, f("square", y))),
  erf: slope((f, x) => f("mul", f("exp", f("neg", f("square", x))), 2 / Math.sqrt(Math.PI))),
  sigmoid: slope((f, _, y) => f("mul", y, f("sub", 1, y))),
  softplus: slope((f, x) => f("sigmoid", x)),
  relu: (f, [x]) => [chosen(f, f("greater", x, 0))[0]],
};

/** How a change of each operand of an elementwise operation changes its result. */
export function sharesOf(builder: GraphBuilder, node: ElementwiseNode): readonly Share[] {
  return derivatives[node.operation](formulas(builder), node.inputs, node);
}
