import type { GraphBuilder } from "../graph/graph-builder.js";
import type { ElementwiseNode, Node, OperationName } from "../graph/node.js";
import { broadcast, reshape, transpose } from "../operations/arrange.js";
import { cumSum } from "../operations/cum-sum.js";
import { apply } from "../operations/elementwise.js";
import type { ElementwiseName } from "../operations/elementwise-table.js";
import { gather, scatterAdd } from "../operations/indexing.js";
import { matMul } from "../operations/mat-mul.js";
import { slice, unslice } from "../operations/slice.js";

/** The node of one operation name. */
type NodeOf<Name extends OperationName> = Name extends ElementwiseName
  ? ElementwiseNode
  : Extract<Node, { readonly operation: Name }>;

/**
 * The cotangents of an operation's inputs, given that of its result. Each is a function, so that only those that are
 * asked for are built; `undefined` says that the result does not vary with that input. Cotangents may still have the
 * broadcast shape: the caller sums them to the input's.
 */
type PullbackRule<N extends Node> = (builder: GraphBuilder, node: N, cotangent: Node) => readonly Cotangent[];
type Cotangent = (() => Node) | undefined;

/** A short way to write formulas for nodes. */
const formulas = (builder: GraphBuilder) => ({
  number: (value: number) => builder.constant(value),
  f: (operation: ElementwiseName, ...operands: Node[]) => apply(builder, operation, ...operands),
});

type Unary = (f: ReturnType<typeof formulas>, x: Node, y: Node) => Node;

/** Rule of y = g(x) from its derivative g'(x), which may use x and y. */
const unary =
  (derivative: Unary): PullbackRule<Node> =>
  (builder, node, cotangent) => [
    () => apply(builder, "mul", cotangent, derivative(formulas(builder), node.inputs[0], node)),
  ];

const constantRule: PullbackRule<Node> = (_, node) => node.inputs.map(() => undefined);

const larger =
  (comparison: "greaterEqual" | "lessEqual"): PullbackRule<Node> =>
  (builder, { inputs: [a, b] }, cotangent) => {
    const first = apply(builder, comparison, a, b);
    const zero = builder.constant(0);
    return [
      () => apply(builder, "select", first, cotangent, zero),
      () => apply(builder, "select", first, zero, cotangent),
    ];
  };

/** Derivative rules of every operation, made of operations that have rules: derivatives of every order follow. */
const pullbackRules: { readonly [Name in OperationName]: PullbackRule<NodeOf<Name>> } = {
  input: constantRule,
  constant: constantRule,
  add: (_, __, cotangent) => [() => cotangent, () => cotangent],
  sub: (builder, _, cotangent) => [() => cotangent, () => apply(builder, "neg", cotangent)],
  mul: (builder, { inputs: [a, b] }, cotangent) => [
    () => apply(builder, "mul", cotangent, b),
    () => apply(builder, "mul", cotangent, a),
  ],
  div: (builder, node, cotangent) => {
    const share = () => apply(builder, "div", cotangent, node.inputs[1]);
    return [share, () => apply(builder, "neg", apply(builder, "mul", share(), node))];
  },
  pow: (builder, node, cotangent) => {
    const [base, exponent] = node.inputs;
    const { f, number } = formulas(builder);
    // a power of a base that is not positive has no derivative in its exponent: 0, as in tfjs
    const logarithm = () => f("select", f("greater", base, number(0)), f("log", base), number(0));
    return [
      () => f("mul", cotangent, f("mul", exponent, f("pow", base, f("sub", exponent, number(1))))),
      () => f("mul", cotangent, f("mul", node, logarithm())),
    ];
  },
  maximum: larger("greaterEqual"),
  minimum: larger("lessEqual"),
  greater: constantRule,
  greaterEqual: constantRule,
  less: constantRule,
  lessEqual: constantRule,
  equal: constantRule,
  and: constantRule,
  or: constantRule,
  not: constantRule,
  sign: constantRule,
  floor: constantRule,
  round: constantRule,
  mod: (builder, { inputs: [a, b] }, cotangent) => {
    const { f } = formulas(builder);
    return [() => cotangent, () => f("mul", cotangent, f("neg", f("floor", f("div", a, b))))];
  },
  select: (builder, { inputs: [condition] }, cotangent) => {
    const zero = builder.constant(0);
    return [
      undefined,
      () => apply(builder, "select", condition, cotangent, zero),
      () => apply(builder, "select", condition, zero, cotangent),
    ];
  },
  neg: (builder, _, cotangent) => [() => apply(builder, "neg", cotangent)],
  abs: unary(({ f }, x) => f("sign", x)),
  exp: unary((_, __, y) => y),
  expm1: unary(({ f, number }, _, y) => f("add", y, number(1))),
  log: unary(({ f }, x) => f("reciprocal", x)),
  log1p: unary(({ f, number }, x) => f("reciprocal", f("add", x, number(1)))),
  sqrt: unary(({ f, number }, _, y) => f("div", number(0.5), y)),
  square: unary(({ f, number }, x) => f("mul", x, number(2))),
  reciprocal: unary(({ f }, _, y) => f("neg", f("square", y))),
  sin: unary(({ f }, x) => f("cos", x)),
  cos: unary(({ f }, x) => f("neg", f("sin", x))),
  atan2: (builder, { inputs: [y, x] }, cotangent) => {
    const { f } = formulas(builder);
    const share = () => f("div", cotangent, f("add", f("square", x), f("square", y)));
    return [() => f("mul", share(), x), () => f("neg", f("mul", share(), y))];
  },
  tanh: unary(({ f, number }, _, y) => f("sub", number(1), f("square", y))),
  erf: unary(({ f, number }, x) =>
    f("mul", f("exp", f("neg", f("square", x))), number(2 / Math.sqrt(Math.PI))),
  ),
  sigmoid: unary(({ f, number }, _, y) => f("mul", y, f("sub", number(1), y))),
  softplus: unary(({ f }, x) => f("sigmoid", x)),
  relu: (builder, { inputs: [x] }, cotangent) => {
    const zero = builder.constant(0);
    return [() => apply(builder, "select", apply(builder, "greater", x, zero), cotangent, zero)];
  },
  cast: (_, { inputs: [x], type }, cotangent) => [
    x.type === "real" && type === "real" ? () => cotangent : undefined,
  ],
  reshape: (builder, { inputs: [x] }, cotangent) => [() => reshape(builder, cotangent, x.shape)],
  broadcast: (_, __, cotangent) => [() => cotangent],
  transpose: (builder, { permutation }, cotangent) => {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [() => transpose(builder, cotangent, inverse)];
  },
  concat: (builder, { inputs, axis }, cotangent) => {
    let offset = 0;
    return inputs.map((part) => {
      const begin = part.shape.map((_, i) => (i === axis ? offset : 0));
      offset += part.shape[axis];
      return () => slice(builder, cotangent, begin, part.shape);
    });
  },
  slice: (builder, { inputs: [x], begin, strides }, cotangent) => [
    () => unslice(builder, cotangent, begin, strides, x.shape),
  ],
  gather: (builder, { inputs: [x, indices], axis }, cotangent) => [
    () => scatterAdd(builder, cotangent, indices, axis, x.shape[axis]),
    undefined,
  ],
  scatterAdd: (builder, { inputs: [, indices], axis }, cotangent) => [
    () => gather(builder, cotangent, indices, axis),
    undefined,
  ],
  cumSum: (builder, { axis, exclusive, reverse }, cotangent) => [
    () => cumSum(builder, cotangent, { axis, exclusive, reverse: !reverse }),
  ],
  reduce: (builder, node, cotangent) => {
    const [x] = node.inputs;
    const kept = x.shape.map((length, axis) => (node.axes.includes(axis) ? 1 : length));
    const spread = broadcast(builder, reshape(builder, cotangent, kept), x.shape);
    if (node.kind === "sum") return [() => spread];
    // every element that attains the extremum gets the whole cotangent, as in tfjs
    const attained = apply(builder, "equal", x, reshape(builder, node, kept));
    return [() => apply(builder, "select", attained, spread, builder.constant(0))];
  },
  matMul: (builder, node, cotangent) => {
    const { transposeA, transposeB } = node;
    const [a, b] = node.inputs;
    return [
      () =>
        transposeA
          ? matMul(builder, b, cotangent, transposeB, true)
          : matMul(builder, cotangent, b, false, !transposeB),
      () =>
        transposeB
          ? matMul(builder, cotangent, a, true, transposeA)
          : matMul(builder, a, cotangent, !transposeA, false),
    ];
  },
};

/** The cotangents of a node's inputs, each as a function that builds it; undefined where there is no dependence. */
export function pullbackOf(builder: GraphBuilder, node: Node, cotangent: Node): readonly Cotangent[] {
  const rule = pullbackRules[node.operation] as PullbackRule<Node>;
  return rule(builder, node, cotangent);
}
