import { type Shape, sizeOf } from "../../shape.js";
import { bytesField, integerField, message } from "./protobuf.js";

/** Element types of ONNX tensors, with their numbers in the format (onnx.proto3, TensorProto.DataType). */
export const tensorTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 } as const;

/** The name of an ONNX element type. */
export type TensorType = keyof typeof tensorTypes;

type Attribute = number | string | readonly number[];

/** Attributes of an operator: an integer, a word, or a list of integers each. */
export type OperatorAttributes = Readonly<Record<string, Attribute>>;

interface Operator {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: OperatorAttributes;
}

/** The operator set that the lowering is written for. */
const operatorSet = 17;

/** Collects the parts of an ONNX model; names of intermediate tensors are made here. */
export class ModelWriter {
  private readonly nodes: Operator[] = [];
  private readonly resultNames = new Map<string, string>();
  private readonly initializers: Buffer[] = [];
  private readonly inputs: Buffer[] = [];
  private readonly outputs: Buffer[] = [];
  private readonly constants = new Map<string, string>();
  private count = 0;

  /** Declares an input of the model. */
  input(name: string, shape: Shape, type: TensorType): void {
    this.inputs.push(bytesField(11, valueInfo(name, shape, type)));
  }

  /**
   * Makes a tensor an output of the model under a name of its own. An operator's result is renamed; a copy is made only
   * of inputs, constants, and what is an output already.
   */
  output(name: string, source: string, shape: Shape, type: TensorType): void {
    const madeHere = this.nodes.some((node) => node.output === source);
    if (madeHere && !this.resultNames.has(source)) this.resultNames.set(source, name);
    else this.nodes.push({ name: "Identity", inputs: [source], output: name, attributes: {} });
    this.outputs.push(bytesField(12, valueInfo(name, shape, type)));
  }

  /** Adds an operator; returns the name of its result. */
  operator(name: string, inputs: readonly string[], attributes: OperatorAttributes = {}): string {
    const result = `n${this.count++}`;
    this.nodes.push({ name, inputs, output: result, attributes });
    return result;
  }

  /** A constant tensor; small equal ones are shared. */
  constant(shape: Shape, type: TensorType, values: ArrayLike<number>): string {
    const key = values.length <= 64 ? `${type}|${shape}|${Array.from(values, signed)}` : undefined;
    const known = key && this.constants.get(key);
    if (known) return known;
    const name = `k${this.count++}`;
    const dimensions = shape.map((length) => integerField(1, length));
    const fields = [
      integerField(2, tensorTypes[type]),
      bytesField(8, name),
      bytesField(9, rawBytes(type, values)),
    ];
    this.initializers.push(bytesField(5, message(...dimensions, ...fields)));
    if (key) this.constants.set(key, name);
    return name;
  }

  /** A list of axes or lengths, as operators take it. */
  integers(values: readonly number[]): string {
    return this.constant([values.length], "int64", values);
  }

  /** The serialised model (onnx.proto3, ModelProto). */
  bytes(): Uint8Array {
    const renamed = (name: string): string => this.resultNames.get(name) ?? name;
    const graph = message(
      ...this.nodes.map((node) => bytesField(1, operatorNode(node, renamed))),
      bytesField(2, "graph"),
      ...this.initializers,
      ...this.inputs,
      ...this.outputs,
    );
    const operators = message(bytesField(1, ""), integerField(2, operatorSet));
    return new Uint8Array(message(integerField(1, 8), bytesField(7, graph), bytesField(8, operators)));
  }
}

function signed(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function operatorNode(
  { name, inputs, output, attributes }: Operator,
  renamed: (name: string) => string,
): Buffer {
  return message(
    ...inputs.map((input) => bytesField(1, renamed(input))),
    bytesField(2, renamed(output)),
    bytesField(4, name),
    ...Object.entries(attributes).map(([key, value]) => bytesField(5, attribute(key, value))),
  );
}

function attribute(name: string, value: Attribute): Buffer {
  if (typeof value === "number")
    return message(bytesField(1, name), integerField(3, value), integerField(20, 2));
  if (typeof value === "string")
    return message(bytesField(1, name), bytesField(4, value), integerField(20, 3));
  return message(bytesField(1, name), ...value.map((item) => integerField(8, item)), integerField(20, 7));
}

function valueInfo(name: string, shape: Shape, type: TensorType): Buffer {
  const dimensions = shape.map((length) => bytesField(1, integerField(1, length)));
  const tensorType = message(integerField(1, tensorTypes[type]), bytesField(2, message(...dimensions)));
  return message(bytesField(1, name), bytesField(2, bytesField(1, tensorType)));
}

function rawBytes(type: TensorType, values: ArrayLike<number>): Uint8Array {
  const typed = {
    float32: () => Float32Array.from(values),
    float64: () => Float64Array.from(values),
    int32: () => Int32Array.from(values),
    int64: () => BigInt64Array.from(Array.from(values, BigInt)),
    bool: () => Uint8Array.from(values),
  }[type]();
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

/** A uniform constant above this size is expanded at run time rather than stored. */
const largestStoredConstant = 1024;

/** A tensor filled with one number. */
export function filled(model: ModelWriter, shape: Shape, type: TensorType, value: number): string {
  if (sizeOf(shape) <= largestStoredConstant) {
    return model.constant(shape, type, new Float64Array(sizeOf(shape)).fill(value));
  }
  return model.operator("Expand", [model.constant([], type, [value]), model.integers([...shape])]);
}
