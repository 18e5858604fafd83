import type * as tf from "@tensorflow/tfjs-core";
import { linearSolve } from "../operations/linear-solve.js";
import { traceBackend } from "./register.js";
import { TraceError } from "./trace-error.js";

/**
 * In a traced function: the solution x of a x = b, for every matrix along the leading axes; tfjs has no such operation. It
 * is NaN where a is singular. The targets javascript, wasm and tfjs have it.
 *
 * @param a of shape [..., n, n]
 * @param b of shape [..., n, m], the leading axes those of a
 * @throws TraceError outside a traced function; RangeError when the shapes do not fit.
 */
export function solveLinear(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (!traceBackend.isRecording) {
    throw new TraceError(
      "solveLinear works on the graph that is being traced: call it in a function given to trace, or in a field",
    );
  }
  const [matrix, rightSide] = [a, b].map((tensor) => traceBackend.nodeOf(tensor));
  return traceBackend.tensorOf(linearSolve(traceBackend.builder, matrix, rightSide));
}
