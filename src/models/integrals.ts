import * as tf from "@tensorflow/tfjs-core";
import { type NdArray, ndArray } from "../compiler/nd-array.js";
import { type Shape, sameShape, shapeText, sizeOf } from "../compiler/shape.js";
import type { Value } from "../compiler/targets/target.js";
import type { ValueScope } from "../compiler/targets/value-scope.js";
import { buildTree, leavesOf } from "../compiler/tree.js";
import type { FieldPoint, Horizon, IntegrandRegularizer } from "../regularizers/regularizer.js";
import type { Trajectory } from "../solvers/ode/integrate-values.js";
import { evaluateField, type FieldSignature } from "../solvers/ode/ode-problem.js";
import type { OdePrograms } from "../solvers/ode/ode-programs.js";
import type { ForwardContext } from "./block.js";

/** The integrands among regularizers. */
export function integrandsAmong(regularizers: ForwardContext["regularizers"]): IntegrandRegularizer[] {
  return regularizers.filter((each) => "integrand" in each);
}

/**
 * A field with one more state for each integrand r' = integrand(t, y), of one number for each row, and one more parameter
 * for each that has a probe. The integrals are left out of the error norms unless they are to steer.
 */
export function fieldWithIntegrals(
  field: FieldSignature,
  integrands: readonly IntegrandRegularizer[],
): FieldSignature {
  if (integrands.length === 0) return field;
  const [shape] = field.stateShapes;
  const rows = shape.slice(0, 1);
  const probed = integrands.filter(({ probe }) => probe);
  const state = { paths: ["state", ...integrands.map((_, i) => `integral${i}`)] };
  const paramShapes = [...field.paramShapes, ...probed.map(() => shape)];
  const params = { paths: paramShapes.map((_, i) => `parameter${i}`) };
  return {
    state,
    stateShapes: [shape, ...integrands.map(() => rows)],
    steers: [true, ...integrands.map(({ steers = false }) => steers)],
    params,
    paramShapes,
    field: (t, stateTree, paramTree) => {
      const [y] = leavesOf(stateTree, state, isTensor, "the state");
      const all = leavesOf(paramTree, params, isTensor, "the parameters");
      const own = all.slice(0, field.paramShapes.length);
      const slopeAt: FieldPoint["field"] = (time, at) => evaluateField(field, time, [at], own)[0];
      const rates = integrands.map((each) => {
        const probe = all[own.length + probed.indexOf(each)];
        return rateOf(each, pointOf(each, { t, y, field: slopeAt, probe }), rows);
      });
      return buildTree<tf.Tensor>(state, [slopeAt(t, y), ...rates]);
    },
  };
}

/** The point without the probe that was never drawn, which to read is a mistake. */
function pointOf({ name, probe }: IntegrandRegularizer, point: FieldPoint): FieldPoint {
  if (probe) return point;
  return {
    ...point,
    get probe(): tf.Tensor {
      throw new TypeError(
        `the integrand "${name}" reads a probe without saying how it is drawn; give it \`probe\` too`,
      );
    },
  };
}

function rateOf(integrand: IntegrandRegularizer, point: FieldPoint, rows: Shape): tf.Tensor {
  const rate = integrand.integrand(point);
  if (isTensor(rate) && sameShape(rate.shape, rows)) return rate;
  throw new RangeError(
    `the integrand "${integrand.name}" must give one number for each row, shape ${shapeText(rows)}, ` +
      `got ${isTensor(rate) ? shapeText(rate.shape) : String(rate)}`,
  );
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

/** Draws the probes of all integrands that have one, in order; the scope owns them. */
export function drawnProbes(
  integrands: readonly IntegrandRegularizer[],
  shape: Shape,
  { random }: ForwardContext,
  scope: ValueScope,
): Value[] {
  const arrays = integrands.flatMap(({ name, probe }, i): NdArray[] => {
    if (!probe) return [];
    const stream = random.split(`${name} ${i}`);
    return [
      ndArray(
        shape,
        Float64Array.from({ length: sizeOf(shape) }, () => probe(stream)),
      ),
    ];
  });
  return scope.put(arrays);
}

/** Sum of the weighted integrals, and the cotangents that they give the final state's further leaves. */
export interface IntegralPenalties {
  readonly value: number;
  readonly cotangents: readonly NdArray[];
}

/** Reads the integrals off the end of a solve: each is averaged over its rows, and counted over |dt|. */
export function integralPenalties(
  integrands: readonly IntegrandRegularizer[],
  { target, signature }: OdePrograms,
  { state }: Trajectory,
  { span: [start, end] }: Horizon,
  { progress }: ForwardContext,
): IntegralPenalties {
  let value = 0;
  const cotangents = integrands.map(({ weight }, i) => {
    const shape = signature.stateShapes[i + 1];
    const rows = sizeOf(shape);
    const factor = (Math.sign(end - start) * weight(progress)) / rows;
    for (const row of target.get(state[i + 1]).data) value += factor * row;
    return ndArray(shape, new Float64Array(rows).fill(factor));
  });
  return { value, cotangents };
}
