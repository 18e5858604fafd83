import * as tf from "@tensorflow/tfjs-core";
import type { Graph, NamedNodes } from "../graph/graph.js";
import { GraphBuilder } from "../graph/graph-builder.js";
import type { InputNode } from "../graph/node.js";
import { cast } from "../operations/cast.js";
import { type Shape, shapeText } from "../shape.js";
import { rememberingFloat32Array } from "./exact-constants.js";
import { forbiddenWhileTracing } from "./forbidden.js";
import { traceBackend } from "./register.js";
import { type Replacement, withReplaced } from "./replaced.js";
import { derivativesWhileTracing } from "./tfjs-derivatives.js";
import { traceBackendName } from "./trace-backend.js";
import { TraceError } from "./trace-error.js";
import { isThrownInside } from "./user-call.js";

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
 * The function must be synchronous and of fixed shapes; its side effects happen once, now. A tensor that it captures
 * never changes and becomes a constant; a `tf.Variable` does change and must be an input, and so must noise. Results
 * that are integers or booleans are returned as reals. `tf.tidy`, `tf.dispose`, `tf.keep` and `tf.grad` work; what is
 * kept ends with the trace.
 *
 * An `if` on a tensor itself cannot be noticed: JavaScript takes every object for true. Use `tf.where`.
 *
 * @throws TraceError with the user's line, when the function reads a value, uses a tensor as a number, draws random
 * numbers, reads, makes or assigns a variable, is asynchronous, uses an operation that has no rule, arrays whose shapes
 * do not fit, or returns something other than named tensors.
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
  return Object.fromEntries(nodes.map((node) => [node.name, traceBackend.tensorOf(node)]));
}

/**
 * Refuses what an asynchronous function returns.
 *
 * @throws TraceError when the result is a promise.
 */
export function requireSynchronous(result: unknown): void {
  if (!(result instanceof Promise)) return;
  result.catch(() => {}); // whatever goes wrong in it later, this error comes first
  throw new TraceError(
    "a traced function must be synchronous, got one that returns a promise; remove async and await",
  );
}

function requireResults(results: unknown): asserts results is TracedResults {
  requireSynchronous(results);
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
  if (value instanceof Promise) return "a promise (is a function in it asynchronous?)";
  if (value instanceof tf.Tensor) return `a tensor of shape ${shapeText(value.shape)}`;
  return value === null ? "null" : `the ${typeof value} ${String(value)}`;
}

/** Runs with the tracing backend in place of tfjs's own, and puts everything back whatever happens. */
function recording<T>(builder: GraphBuilder, run: () => T): T {
  const engine = tf.engine();
  const backendName = engine.backendName ?? "cpu";
  const kept: tf.Tensor[] = [];
  const end = traceBackend.begin(builder);
  tf.setBackend(traceBackendName);
  engine.startScope("trace");
  try {
    return withReplaced(
      [
        ...forbiddenWhileTracing(),
        ...derivativesWhileTracing(),
        rememberingFloat32Array(),
        untruncatedStacks,
        keepIn(kept),
      ],
      () => thrownAsTraceError(run),
    );
  } finally {
    engine.endScope();
    for (const tensor of kept) tensor.dispose();
    tf.setBackend(backendName);
    end();
  }
}

/** tfjs puts some ten frames of its own between an error and the user's call; Node shows ten in all. */
const untruncatedStacks: Replacement = {
  owner: Error,
  key: "stackTraceLimit",
  value: Number.POSITIVE_INFINITY,
};

/** Tensors that are kept from tidy are symbols like all others: they end with the trace. */
function keepIn(kept: tf.Tensor[]): Replacement {
  const engine = tf.engine();
  const keep = engine.keep.bind(engine);
  const value = (tensor: tf.Tensor): tf.Tensor => {
    kept.push(tensor);
    return keep(tensor);
  };
  return { owner: engine, key: "keep", value };
}

/** Errors of tfjs get their place in the user's source; those that the user throws stay as they are. */
function thrownAsTraceError<T>(run: () => T): T {
  try {
    const result = run();
    if (!traceBackend.unthrownFailure) return result;
  } catch (error) {
    if (!traceBackend.unthrownFailure) throw placed(error);
  }
  throw traceBackend.unthrownFailure;
}

function placed(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TraceError) return error;
  return isThrownInside(error.stack ?? "") ? new TraceError(error.message, error) : error;
}
