import type { GraphBuilder } from "../graph/graph-builder.js";
import type { ElementwiseNode, Node } from "../graph/node.js";
import { apply } from "../operations/elementwise.js";
import type { ElementwiseName } from "../operations/elementwise-table.js";

/**
 * The change of a result that a small change of one operand causes: the change times the partial derivative. An
 * elementwise operation acts on each element by itself, so its Jacobian is diagonal, and the same formula takes tangents
 * forwards and cotangents backwards. `undefined` says that the result does not vary with the operand.
 */
type Share = ((change: Node) => Node) | undefined;

/** A short way to write formulas for nodes. */
interface Formulas {
  /** The operation applied to operands. */
  readonly f: (operation: ElementwiseName, ...operands: Node[]) => Node;
  readonly number: (value: number) => Node;
}

/** The shares of the operands x (and z, ...) of an operation with result y. */
type Derivative = (formulas: Formulas, operands: readonly Node[], y: Node) => readonly Share[];

const none: Derivative = (_, operands) => operands.map(() => undefined);

/** The derivative of y = g(x), as a formula in x and y. */
const slope =
  (partial: (formulas: Formulas, x: Node, y: Node) => Node): Derivative =>
  (formulas, [x], y) => [(change) => formulas.f("mul", change, partial(formulas, x, y))];

/** The whole change where the condition holds, none elsewhere; and the other way round. */
const chosen = ({ f, number }: Formulas, condition: Node): readonly [Share, Share] => [
  (change) => f("select", condition, change, number(0)),
  (change) => f("select", condition, number(0), change),
];

const same: Share = (change) => change;

/** Derivatives of the elementwise operations, made of operations that have derivatives: every order follows. */
const derivatives: { readonly [Name in ElementwiseName]: Derivative } = {
  add: () => [same, same],
  sub: ({ f }) => [same, (change) => f("neg", change)],
  mul: ({ f }, [x, z]) => [(change) => f("mul", change, z), (change) => f("mul", change, x)],
  div: ({ f }, [, z], y) => [
    (change) => f("div", change, z),
    (change) => f("neg", f("mul", f("div", change, z), y)),
  ],
  pow: ({ f, number }, [x, z], y) => {
    // a power of a base that is not positive has no derivative in its exponent: 0, as in tfjs
    const logarithm = () => f("select", f("greater", x, number(0)), f("log", x), number(0));
    return [
      (change) => f("mul", change, f("mul", z, f("pow", x, f("sub", z, number(1))))),
      (change) => f("mul", change, f("mul", y, logarithm())),
    ];
  },
  maximum: (formulas, [x, z]) => chosen(formulas, formulas.f("greaterEqual", x, z)),
  minimum: (formulas, [x, z]) => chosen(formulas, formulas.f("lessEqual", x, z)),
  mod: ({ f }, [x, z]) => [same, (change) => f("neg", f("mul", change, f("floor", f("div", x, z))))],
  // y = angle of the point (z, x)
  atan2: ({ f }, [x, z]) => {
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
  select: (formulas, [condition]) => [undefined, ...chosen(formulas, condition)],
  neg: ({ f }) => [(change) => f("neg", change)],
  abs: slope(({ f }, x) => f("sign", x)),
  exp: slope((_, __, y) => y),
  expm1: slope(({ f, number }, _, y) => f("add", y, number(1))),
  log: slope(({ f }, x) => f("reciprocal", x)),
  log1p: slope(({ f, number }, x) => f("reciprocal", f("add", x, number(1)))),
  sqrt: slope(({ f, number }, _, y) => f("div", number(0.5), y)),
  square: slope(({ f, number }, x) => f("mul", x, number(2))),
  reciprocal: slope(({ f }, _, y) => f("neg", f("square", y))),
  sin: slope(({ f }, x) => f("cos", x)),
  cos: slope(({ f }, x) => f("neg", f("sin", x))),
  tanh: slope(({ f, number }, _, y) => f("sub", number(1), f("square", y))),
  erf: slope(({ f, number }, x) =>
    f("mul", f("exp", f("neg", f("square", x))), number(2 / Math.sqrt(Math.PI))),
  ),
  sigmoid: slope(({ f, number }, _, y) => f("mul", y, f("sub", number(1), y))),
  softplus: slope(({ f }, x) => f("sigmoid", x)),
  relu: (formulas, [x]) => {
    const { f, number } = formulas;
    return [chosen(formulas, f("greater", x, number(0)))[0]];
  },
};

/** How a change of each operand of an elementwise operation changes its result. */
export function sharesOf(builder: GraphBuilder, node: ElementwiseNode): readonly Share[] {
  const formulas: Formulas = {
    f: (operation, ...operands) => apply(builder, operation, ...operands),
    number: (value) => builder.constant(value),
  };
  return derivatives[node.operation](formulas, node.inputs, node);
}
