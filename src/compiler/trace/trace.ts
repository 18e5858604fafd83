import * as tf from "@tensorflow/tfjs-core";
import type { Graph, NamedNodes } from "../graph/graph.js";
import { GraphBuilder } from "../graph/graph-builder.js";
import type { InputNode } from "../graph/node.js";
import { cast } from "../operations/cast.js";
import { type Shape, shapeText } from "../shape.js";
import { withExactConstants } from "./exact-constants.js";
import { traceBackend } from "./register.js";
import { traceBackendName } from "./trace-backend.js";
import { TraceError } from "./trace-error.js";

/** What a traced function reads: shapes of its arrays, names of its scalars. */
export interface Signature {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly scalars?: readonly string[];
}

/** Tensors under names. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** What a traced function returns: arrays that stay with the target, and numbers that are read back. */
export interface TracedResults {
  readonly outputs?: NamedTensors;
  readonly readouts?: NamedTensors;
}

/** An ordinary tfjs function of named tensors. */
export type TracedFunction = (read: NamedTensors) => TracedResults;

/**
 * Runs a tfjs function once on symbolic tensors and returns what it computes as a graph.
 *
 * The function must be synchronous and of fixed shapes; captured tensors and random draws become constants; its side
 * effects happen once, now. Results that are integers or booleans are returned as reals.
 *
 * @throws TraceError when the function reads a value, is asynchronous, assigns a variable, uses an operation that has
 * no rule, or returns something other than named tensors.
 */
export function trace({ inputs, scalars = [] }: Signature, run: TracedFunction): Graph {
  requireDistinct(scalars, inputs, "an input and a scalar");
  const builder = new GraphBuilder();
  const inputNodes = Object.entries(inputs).map(([name, shape]) => builder.input(name, shape));
  const scalarNodes = scalars.map((name) => builder.input(name, []));
  const { outputs, readouts } = recording(builder, () => {
    const results: unknown = run(symbols([...inputNodes, ...scalarNodes]));
    requireResults(results);
    return {
      outputs: nodesOf(builder, results.outputs ?? {}),
      readouts: nodesOf(builder, results.readouts ?? {}),
    };
  });
  requireDistinct(Object.keys(readouts), outputs, "an output and a readout");
  for (const [name, node] of Object.entries(readouts)) {
    if (node.shape.length > 0)
      throw new TraceError(`the readout "${name}" must be a scalar, got ${shapeText(node.shape)}`);
  }
  return { builder, inputs: inputNodes, scalars: scalarNodes, outputs, readouts };
}

function requireDistinct(
  names: readonly string[],
  others: Readonly<Record<string, unknown>>,
  what: string,
): void {
  const shared = names.find((name) => name in others);
  if (shared !== undefined) throw new TraceError(`"${shared}" names both ${what}; rename one of them`);
}

function symbols(nodes: readonly InputNode[]): NamedTensors {
  const tensorOf = (node: InputNode): tf.Tensor => {
    const { dataId, shape, dtype } = traceBackend.infoOf(node);
    return tf.engine().makeTensorFromDataId(dataId, shape, dtype);
  };
  return Object.fromEntries(nodes.map((node) => [node.name, tensorOf(node)]));
}

function requireResults(results: unknown): asserts results is TracedResults {
  if (results instanceof Promise) {
    results.catch(() => {}); // whatever goes wrong in it later, this error comes first
    throw new TraceError(
      "a traced function must be synchronous, got one that returns a promise: remove async and await",
    );
  }
  const named =
    typeof results === "object" && results !== null && ("outputs" in results || "readouts" in results);
  if (!named) {
    throw new TraceError(`a traced function must return { outputs, readouts }, got ${describe(results)}`);
  }
}

function nodesOf(builder: GraphBuilder, tensors: NamedTensors): NamedNodes {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      if (!(tensor instanceof tf.Tensor)) {
        throw new TraceError(`a traced function must return tensors, but "${name}" is ${describe(tensor)}`);
      }
      return [name, cast(builder, traceBackend.nodeOf(tensor), "real")];
    }),
  );
}

function describe(value: unknown): string {
  if (value === undefined) return "undefined (is a return missing?)";
  if (value instanceof tf.Tensor) return `a tensor of shape ${shapeText(value.shape)}`;
  return value === null ? "null" : `the ${typeof value} ${String(value)}`;
}

/** Runs with the tracing backend in place of tfjs's own, and puts everything back whatever happens. */
function recording<T>(builder: GraphBuilder, run: () => T): T {
  const engine = tf.engine();
  const backendName = engine.backendName ?? "cpu";
  const end = traceBackend.begin(builder);
  const { assign } = tf.Variable.prototype;
  tf.Variable.prototype.assign = () => {
    throw new TraceError(
      "a traced function assigns a tf.Variable; return the new value as an output instead",
    );
  };
  tf.setBackend(traceBackendName);
  engine.startScope("trace");
  try {
    return withExactConstants(run);
  } finally {
    engine.endScope();
    tf.setBackend(backendName);
    tf.Variable.prototype.assign = assign;
    end();
  }
}
