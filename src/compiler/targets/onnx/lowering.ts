import { type Graph, liveNodes, resultsOf } from "../../graph/graph.js";
import type { ElementType, Node, OperationName, ScatterAddNode } from "../../graph/node.js";
import type { ElementwiseName } from "../../operations/elementwise-table.js";
import { type Shape, sizeOf } from "../../shape.js";
import { type Precision, TargetError } from "../target.js";
import { type Composition, compositions } from "./compositions.js";
import { Formulas } from "./formulas.js";
import { filled, ModelWriter, type TensorType, tensorTypes } from "./model.js";

/** Writes one node; `inputs` are the names of its operands' tensors. Returns the name of the result. */
type Lowering<N extends Node = Node> = (context: Context, node: N, inputs: readonly string[]) => string;
type NodeOf<Name extends OperationName> = Name extends ElementwiseName
  ? Node
  : Extract<Node, { readonly operation: Name }>;

interface Context {
  readonly model: ModelWriter;
  readonly typeOf: (type: ElementType) => TensorType;
}

const direct =
  (operator: string): Lowering =>
  ({ model }, _, inputs) =>
    model.operator(operator, inputs);

/** An operation made of several operators on reals. */
const composed =
  (composition: Composition): Lowering =>
  ({ model, typeOf }, _, inputs) =>
    composition(new Formulas(model, typeOf("real")), ...inputs);

const reductions = { sum: "ReduceSum", max: "ReduceMax", min: "ReduceMin" } as const;

/** How each operation is written with ONNX operators. */
const lowerings: { readonly [Name in OperationName]: Lowering<NodeOf<Name>> } = {
  input: (_, node) => inputName(node.name),
  constant: ({ model, typeOf }, { value, shape, type }) =>
    typeof value === "number"
      ? filled(model, shape, typeOf(type), value)
      : model.constant(shape, typeOf(type), value),
  add: direct("Add"),
  sub: direct("Sub"),
  mul: direct("Mul"),
  div: direct("Div"),
  pow: direct("Pow"),
  maximum: direct("Max"),
  minimum: direct("Min"),
  greater: direct("Greater"),
  greaterEqual: direct("GreaterOrEqual"),
  less: direct("Less"),
  lessEqual: direct("LessOrEqual"),
  equal: direct("Equal"),
  and: direct("And"),
  or: direct("Or"),
  not: direct("Not"),
  select: direct("Where"),
  neg: direct("Neg"),
  abs: direct("Abs"),
  sign: direct("Sign"),
  floor: direct("Floor"),
  round: direct("Round"),
  mod: ({ model, typeOf }, _, inputs) => {
    const remainder = model.operator("Mod", inputs, { fmod: 1 });
    return compositions.mod(new Formulas(model, typeOf("real")), remainder, inputs[1]);
  },
  exp: direct("Exp"),
  expm1: composed(compositions.expm1),
  log: direct("Log"),
  log1p: composed(compositions.log1p),
  sqrt: direct("Sqrt"),
  square: ({ model }, _, [x]) => model.operator("Mul", [x, x]),
  reciprocal: direct("Reciprocal"),
  sin: direct("Sin"),
  cos: direct("Cos"),
  atan2: composed(compositions.atan2),
  tanh: direct("Tanh"),
  erf: (context, node, inputs) => {
    // onnxruntime has no Erf for doubles
    const lowering = context.typeOf("real") === "float32" ? direct("Erf") : composed(compositions.erf);
    return lowering(context, node, inputs);
  },
  sigmoid: direct("Sigmoid"),
  relu: direct("Relu"),
  softplus: composed(compositions.softplus),
  cast: ({ model, typeOf }, { type }, inputs) =>
    model.operator("Cast", inputs, { to: tensorTypes[typeOf(type)] }),
  reshape: ({ model }, { shape }, [x]) => model.operator("Reshape", [x, model.integers([...shape])]),
  broadcast: ({ model }, { shape }, [x]) => model.operator("Expand", [x, model.integers([...shape])]),
  transpose: ({ model }, { permutation }, inputs) =>
    model.operator("Transpose", inputs, { perm: permutation }),
  concat: ({ model }, { axis }, inputs) => model.operator("Concat", inputs, { axis }),
  slice: ({ model }, { begin, strides, shape, inputs: [whole] }, [x]) => {
    const axes = [...shape.keys()].filter((axis) => shape[axis] !== whole.shape[axis] || strides[axis] !== 1);
    // the end of a slice to the front is before the first element, which no number counted from the front says
    const end = (axis: number): number => {
      const behind = begin[axis] + shape[axis] * strides[axis];
      return behind < 0 ? -whole.shape[axis] - 1 : behind;
    };
    const lists = [axes.map((axis) => begin[axis]), axes.map(end), axes, axes.map((axis) => strides[axis])];
    return model.operator("Slice", [x, ...lists.map((list) => model.integers(list))]);
  },
  gather: ({ model }, { axis }, inputs) => model.operator("Gather", inputs, { axis }),
  scatterAdd: lowerScatterAdd,
  linearSolve: () => {
    throw new TargetError("the onnx target cannot solve linear systems; use the target wasm or javascript");
  },
  cumSum: ({ model }, { axis, exclusive, reverse }, [x]) =>
    model.operator("CumSum", [x, model.constant([], "int64", [axis])], {
      exclusive: +exclusive,
      reverse: +reverse,
    }),
  reduce: ({ model }, { kind, axes }, [x]) =>
    kind === "sum"
      ? model.operator(reductions[kind], [x, model.integers(axes)], { keepdims: 0 })
      : model.operator(reductions[kind], [x], { axes, keepdims: 0 }),
  matMul: ({ model }, node, [a, b]) => {
    const { transposeA, transposeB, shape } = node;
    if (!transposeA && !transposeB) return model.operator("MatMul", [a, b]);
    if (shape.length === 2)
      return model.operator("Gemm", [a, b], { transA: +transposeA, transB: +transposeB });
    const turned = (name: string, operand: Node): string => {
      const last = operand.shape.length - 1;
      const perm = operand.shape.map((_, i) => (i === last ? last - 1 : i === last - 1 ? last : i));
      return model.operator("Transpose", [name], { perm });
    };
    const left = transposeA ? turned(a, node.inputs[0]) : a;
    return model.operator("MatMul", [left, transposeB ? turned(b, node.inputs[1]) : b]);
  },
};

/** Adds up along the middle of three axes: what lies before it, it, and what lies behind it. */
function lowerScatterAdd(
  { model, typeOf }: Context,
  { axis, length, shape, type, inputs }: ScatterAddNode,
  [values, indices]: readonly string[],
): string {
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const count = sizeOf(inputs[1].shape);
  const reshaped = (x: string, to: Shape): string => model.operator("Reshape", [x, model.integers(to)]);
  const blocks = [outer, count, inner];
  const spread = model.operator("Expand", [reshaped(indices, [1, count, 1]), model.integers(blocks)]);
  const zeros = filled(model, [outer, length, inner], typeOf(type), 0);
  const sums = model.operator("ScatterElements", [zeros, spread, reshaped(values, blocks)], {
    axis: 1,
    reduction: "add",
  });
  return reshaped(sums, shape);
}

/** A graph as an ONNX model. Inputs that no result depends on are left out: they are not in `inputs`. */
export interface LoweredGraph {
  readonly bytes: Uint8Array;
  readonly inputs: ReadonlySet<string>;
}

/** The tensor type of an element type in a precision. */
function tensorTypeOf(type: ElementType, precision: Precision): TensorType {
  return { real: precision, integer: "int32", boolean: "bool" }[type] as TensorType;
}

/** Name of an input's tensor in the model: apart from the names of results and of the model's own tensors. */
export const inputName = (name: string): string => `input.${name}`;
/** Name of a result's tensor in the model. */
export const resultName = (name: string): string => `result.${name}`;

/** Writes a graph as an ONNX model in a precision. */
export function lower(graph: Graph, precision: Precision): LoweredGraph {
  const model = new ModelWriter();
  const typeOf = (type: ElementType): TensorType => tensorTypeOf(type, precision);
  const names = new Map<Node, string>();
  const inputs = new Set<string>();
  for (const node of liveNodes(resultsOf(graph))) {
    if (node.operation === "input") {
      inputs.add(node.name);
      model.input(inputName(node.name), node.shape, typeOf(node.type));
    }
    const operands = node.inputs.map((input) => names.get(input) as string);
    const lowering = lowerings[node.operation as OperationName] as Lowering;
    names.set(node, lowering({ model, typeOf }, node, operands));
  }
  for (const [name, node] of [...Object.entries(graph.outputs), ...Object.entries(graph.readouts)]) {
    model.output(resultName(name), names.get(node) as string, node.shape, typeOf(node.type));
  }
  return { bytes: model.bytes(), inputs };
}
