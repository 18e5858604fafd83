import { type Graph, liveNodes, resultsOf } from "../../graph/graph.js";
import type { ElementType, Node, OperationName } from "../../graph/node.js";
import type { ElementwiseName } from "../../operations/elementwise-table.js";
import type { Precision } from "../target.js";
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
  exp: direct("Exp"),
  log: direct("Log"),
  sqrt: direct("Sqrt"),
  square: ({ model }, _, [x]) => model.operator("Mul", [x, x]),
  reciprocal: direct("Reciprocal"),
  sin: direct("Sin"),
  cos: direct("Cos"),
  tanh: direct("Tanh"),
  sigmoid: direct("Sigmoid"),
  relu: direct("Relu"),
  // max(x, 0) + log(1 + exp(-|x|)): onnxruntime has no Softplus for doubles
  softplus: ({ model, typeOf }, _, [x]) => {
    const decay = model.operator("Exp", [model.operator("Neg", [model.operator("Abs", [x])])]);
    const one = model.constant([], typeOf("real"), [1]);
    const tail = model.operator("Log", [model.operator("Add", [decay, one])]);
    return model.operator("Add", [model.operator("Relu", [x]), tail]);
  },
  cast: ({ model, typeOf }, { type }, inputs) =>
    model.operator("Cast", inputs, { to: tensorTypes[typeOf(type)] }),
  reshape: ({ model }, { shape }, [x]) => model.operator("Reshape", [x, model.integers([...shape])]),
  broadcast: ({ model }, { shape }, [x]) => model.operator("Expand", [x, model.integers([...shape])]),
  transpose: ({ model }, { permutation }, inputs) =>
    model.operator("Transpose", inputs, { perm: permutation }),
  concat: ({ model }, { axis }, inputs) => model.operator("Concat", inputs, { axis }),
  slice: ({ model }, { begin, shape, inputs: [whole] }, [x]) => {
    const axes = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== whole.shape[axis]);
    const start = axes.map((axis) => begin[axis]);
    const end = axes.map((axis) => begin[axis] + shape[axis]);
    return model.operator("Slice", [x, model.integers(start), model.integers(end), model.integers(axes)]);
  },
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
    const lowering = lowerings[node.operation] as Lowering;
    names.set(node, lowering({ model, typeOf }, node, operands));
  }
  for (const [name, node] of [...Object.entries(graph.outputs), ...Object.entries(graph.readouts)]) {
    model.output(resultName(name), names.get(node) as string, node.shape, typeOf(node.type));
  }
  return { bytes: model.bytes(), inputs };
}
