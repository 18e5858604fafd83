import type * as tf from "@tensorflow/tfjs-core";
import { divergenceNode } from "../derivatives/divergence.js";
import { jacobianNode } from "../derivatives/jacobian.js";
import { pushForward } from "../derivatives/push-forward.js";
import { sameShape, shapeText } from "../shape.js";
import { differentiated } from "./differentiated.js";
import { traceBackend } from "./register.js";
import { TraceError } from "./trace-error.js";

/** A value and its derivative along a direction. */
export interface ValueAndTangent {
  readonly value: tf.Tensor;
  readonly tangent: tf.Tensor;
}

/**
 * In a traced function: the value of a function and how it changes when its arguments change along tangents. Forward
 * mode; it can be nested, with itself and with `tf.grad`, and is right at every order.
 *
 * @param tangents one per argument, of its shape; a number fills the shape
 * @throws TraceError outside a traced function, or when a tangent does not fit its argument.
 */
export function jvpOf(
  f: (...xs: tf.Tensor[]) => tf.Tensor,
  xs: readonly tf.Tensor[],
  tangents: readonly (tf.Tensor | number)[],
): ValueAndTangent {
  const { builder } = tracing("jvpOf");
  if (tangents.length !== xs.length) {
    throw new TraceError(`jvpOf needs one tangent per argument, ${xs.length}, got ${tangents.length}`);
  }
  const directions = tangents.map((tangent, i) => {
    const { shape } = xs[i];
    const node =
      typeof tangent === "number" ? builder.constant(tangent, shape) : traceBackend.nodeOf(tangent);
    if (sameShape(node.shape, shape)) return node;
    throw new TraceError(
      `jvpOf: tangent ${i} has shape ${shapeText(node.shape)}, its argument ${shapeText(shape)}; they must agree`,
    );
  });
  // new tensors: an argument given twice may have two tangents
  const own = xs.map((x) => traceBackend.tensorOf(traceBackend.nodeOf(x)));
  const [value, tangent] = differentiated(
    "jvpOf",
    own,
    () => f(...own),
    (result, variables) => {
      const along = new Map(variables.map((variable, i) => [variable, directions[i]]));
      return [result, ...pushForward(builder, [result], along)];
    },
  );
  return { value, tangent };
}

/** Options of `jacobianOf`. */
export interface JacobianOfOptions {
  /**
   * Leading axes, common to argument and value, along which rows do not influence each other: the Jacobian is that of
   * each row.
   *
   * @defaultValue 0
   */
  readonly batchAxes?: number;
}

/**
 * In a traced function: the Jacobian of a function at x, of shape [...batch, ...r, ...s] where the value has shape
 * [...batch, ...r] and x [...batch, ...s]. All columns come from one forward sweep.
 *
 * @throws TraceError outside a traced function, or when value and x do not have the same rows.
 */
export function jacobianOf(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  { batchAxes = 0 }: JacobianOfOptions = {},
): tf.Tensor {
  const { builder } = tracing("jacobianOf");
  const [jacobian] = differentiated(
    "jacobianOf",
    [x],
    () => f(x),
    (result, [source]) => [jacobianNode("jacobianOf", builder, { result, source, batchAxes })],
  );
  return jacobian;
}

/**
 * In a traced function: the divergence of a field at x over the last axis, of shape [...] where x has [..., d]; rows along
 * the other axes must not influence each other. With noise, of x's shape, Hutchinson's estimate e^T J e: its expectation
 * over noise of mean 0 and variance 1 is the divergence, at the price of one forward sweep instead of d.
 *
 * @throws TraceError outside a traced function, or when f returns another shape than that of x.
 */
export function divergenceOf(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, noise?: tf.Tensor): tf.Tensor {
  const { builder } = tracing("divergenceOf");
  const direction = noise && traceBackend.nodeOf(noise);
  const [divergence] = differentiated(
    "divergenceOf",
    [x],
    () => f(x),
    (result, [source]) => [divergenceNode("divergenceOf", builder, result, source, direction)],
  );
  return divergence;
}

function tracing(caller: string) {
  if (traceBackend.isRecording) return traceBackend;
  throw new TraceError(
    `${caller} works on the graph that is being traced: call it in a function given to trace, or in a field`,
  );
}
