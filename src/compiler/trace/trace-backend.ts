import * as tf from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../graph/graph-builder.js";
import type { ElementType, Node } from "../graph/node.js";
import { constantData } from "../operations/constants.js";
import { shapeText } from "../shape.js";
import { exactData } from "./exact-constants.js";
import { TraceError } from "./trace-error.js";

/** Name under which the tracing backend is registered with tfjs. */
export const traceBackendName = "glassbox-trace";

const elementTypes: Partial<Record<tf.DataType, ElementType>> = {
  float32: "real",
  int32: "integer",
  bool: "boolean",
};
const tfTypes: Record<ElementType, tf.NumericDataType> = {
  real: "float32",
  integer: "int32",
  boolean: "bool",
};

/** The element type of a tfjs type name. */
export function elementTypeOf(dtype: tf.DataType): ElementType {
  const type = elementTypes[dtype];
  if (!type)
    throw new TraceError(`a traced function uses the tfjs type "${dtype}"; use float32, int32 or bool`);
  return type;
}

/** A node and the trace that it belongs to. */
interface RecordedNode {
  readonly node: Node;
  readonly builder: GraphBuilder;
}

/** A tfjs backend whose tensors are nodes of a graph: its kernels (`kernels.ts`) record instead of computing. */
export class TraceBackend extends tf.KernelBackend {
  private readonly nodes = new WeakMap<object, RecordedNode>();
  private references = new Map<object, number>();
  private foreign = new Map<object, Node>();
  private current: GraphBuilder | undefined;
  private failure: TraceError | undefined;

  /** Whether a trace is under way. */
  get isRecording(): boolean {
    return this.current !== undefined;
  }

  /** The builder of the trace that is under way. */
  get builder(): GraphBuilder {
    if (!this.current)
      throw new TraceError("the tracing backend was used outside trace(); call tf.setBackend to leave it");
    return this.current;
  }

  /** What went wrong in this trace and could not be thrown, because only a promise waited for it. */
  get unthrownFailure(): TraceError | undefined {
    return this.failure;
  }

  /** Directs recording to a builder; returns a function that goes back to the trace around this one, if any. */
  begin(builder: GraphBuilder): () => void {
    const { current, foreign, references, failure } = this;
    this.current = builder;
    this.foreign = new Map();
    this.references = new Map();
    this.failure = undefined;
    return () => {
      this.current = current;
      this.foreign = foreign;
      this.references = references;
      this.failure = failure;
    };
  }

  /**
   * The node behind a tensor; a tensor of another backend becomes a constant, since it never changes.
   *
   * @throws TraceError for a variable, which does change, a disposed tensor, and one of another trace.
   */
  nodeOf(tensor: tf.TensorInfo): Node {
    const recorded = this.nodes.get(tensor.dataId);
    const shape = shapeText(tensor.shape);
    if (tensor instanceof tf.Variable) {
      throw new TraceError(
        `a traced function uses a tf.Variable of shape ${shape}, whose value of now would be used at every run; ` +
          "make it an input, or use a copy, made outside by variable.clone()",
      );
    }
    if (recorded && recorded.builder !== this.builder) {
      throw new TraceError(
        `a traced function uses a tensor of shape ${shape} that belongs to another trace; make it an input`,
      );
    }
    const owner = tf.engine().state.tensorInfo.get(tensor.dataId)?.backend;
    if (!owner) {
      throw new TraceError(
        `a traced function uses a disposed tensor of shape ${shape}; dispose of it later, or keep it by tf.keep`,
      );
    }
    const known = recorded?.node ?? this.foreign.get(tensor.dataId);
    if (known) return known;
    // read in place: letting tfjs move the data would take it away from the tensor's own backend
    const values = owner.readSync(tensor.dataId) as ArrayLike<number>;
    const node = this.builder.constant(values, tensor.shape, elementTypeOf(tensor.dtype));
    this.foreign.set(tensor.dataId, node);
    return node;
  }

  /** What tfjs needs to make a tensor that stands for a node. */
  infoOf(node: Node): tf.TensorInfo {
    const dataId = this.register(node);
    return { dataId, shape: [...node.shape], dtype: tfTypes[node.type] };
  }

  /** A tensor that stands for a node. */
  tensorOf(node: Node): tf.Tensor {
    const { dataId, shape, dtype } = this.infoOf(node);
    return tf.engine().makeTensorFromDataId(dataId, shape, dtype);
  }

  /** Runs a function while tensors stand for other nodes than they did. */
  whileStandingFor<T>(tensors: readonly tf.Tensor[], nodes: readonly Node[], run: () => T): T {
    const before = tensors.map(({ dataId }) => this.nodes.get(dataId));
    tensors.forEach(({ dataId }, i) => {
      this.record(dataId, nodes[i]);
    });
    try {
      return run();
    } finally {
      tensors.forEach(({ dataId }, i) => {
        const recorded = before[i];
        if (recorded) this.nodes.set(dataId, recorded);
        else this.nodes.delete(dataId);
      });
    }
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.register(this.constant(values, shape, dtype));
  }

  override move(
    dataId: object,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    count: number,
  ): void {
    this.record(dataId, this.constant(values, shape, dtype));
    this.references.set(dataId, count);
  }

  override readSync(dataId: object): tf.BackendValues {
    const node = this.nodes.get(dataId)?.node;
    if (node?.operation !== "constant") throw this.readError(node);
    const data = constantData(node);
    if (node.type === "real") return Float32Array.from(data);
    return node.type === "integer" ? Int32Array.from(data) : Uint8Array.from(data);
  }

  /** A promise of what cannot be read is never settled: nobody has to catch it, and the trace fails by itself. */
  override read(dataId: object): Promise<tf.BackendValues> {
    const node = this.nodes.get(dataId)?.node;
    if (node?.operation === "constant") return Promise.resolve(this.readSync(dataId));
    this.failure ??= this.readError(node);
    return new Promise(() => {});
  }

  private readError(node: Node | undefined): TraceError {
    const shape = node ? ` of shape ${shapeText(node.shape)}` : "";
    return new TraceError(
      `a traced function reads the value of a tensor${shape} that depends on its inputs; ` +
        "a value exists only when the program runs: use tf.where in place of a branch, tensor operations in place of numbers",
    );
  }

  override disposeData(dataId: object, force = false): boolean {
    const remaining = this.refCount(dataId) - 1;
    if (remaining > 0 && !force) {
      this.references.set(dataId, remaining);
      return false;
    }
    this.references.delete(dataId);
    return true;
  }

  override refCount(dataId: object): number {
    return this.references.get(dataId) ?? 0;
  }

  override incRef(dataId: object): void {
    this.references.set(dataId, this.refCount(dataId) + 1);
  }

  override numDataIds(): number {
    return this.references.size;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {}

  private constant(values: tf.BackendValues, shape: number[], dtype: tf.DataType): Node {
    return this.builder.constant(exactData(values as ArrayLike<number>), shape, elementTypeOf(dtype));
  }

  private record(dataId: object, node: Node): void {
    this.nodes.set(dataId, { node, builder: this.builder });
  }

  private register(node: Node): object {
    const dataId = {};
    this.record(dataId, node);
    this.references.set(dataId, 1);
    return dataId;
  }
}
