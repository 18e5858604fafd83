import type { NdArray } from "../../compiler/nd-array.js";
import { Random } from "../../compiler/random.js";
import type { Precision } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { evaluation } from "../../models/block.js";
import { type Model, outputName } from "../../models/model.js";
import type { StepRecord } from "../../solvers/ode/step-records.js";
import { functionEvaluations } from "../../training/objective-step.js";
import type { SpiralSdeConfiguration } from "./configuration.js";
import { momentFit } from "./moment-fit.js";
import { type Moments, momentsOf } from "./moments.js";
import { spiralSdeModel } from "./spiral-sde-model.js";
import type { RowMoments, SpiralSdeRow } from "./spiral-sde-row.js";

/** What is measured on a trained model; the seconds are those of one solve. */
type SpiralSdeMetrics = Pick<
  SpiralSdeRow,
  | "loss"
  | "lossOfMany"
  | "nfe"
  | "accepted"
  | "rejected"
  | "times"
  | "data"
  | "moments"
  | "paths"
  | "nfeProbe"
  | "resolved"
> & { readonly predictSeconds: number };

type Params = Readonly<Record<string, NdArray>>;

/** A solve of a trained model by sosri. */
interface ProbedSolve {
  readonly precision: Precision;
  /** Both tolerances. */
  readonly tolerance: number;
}

/** The solve that all rows have in common. */
const commonProbe: ProbedSolve = { precision: "float64", tolerance: 0.1 };

/** Others of the same paths. */
const otherProbes: readonly ProbedSolve[] = [
  { precision: "float64", tolerance: 0.3 },
  { precision: "float64", tolerance: 0.03 },
  { precision: "float32", tolerance: 0.3 },
];

/** Draws of the noise over which the means of a row are, and those of what other solves of it cost. */
const [drawCount, probeCount] = [10, 3];

/** As many paths have variances that are off by some 3 %, those of an iteration by 14 %. */
const manyPaths = 2000;

/** Paths of a row. */
const keptPaths = 5;

/**
 * How well a trained model has the moments of the data, some of its paths, and what its solution costs.
 *
 * @throws SolveError when a solve fails.
 */
export function measure(
  model: Model,
  params: Params,
  data: Moments,
  configuration: SpiralSdeConfiguration,
): SpiralSdeMetrics {
  const { paths } = configuration;
  const costOf = (probe: ProbedSolve): number => {
    const saveAt = data.times;
    const probed = spiralSdeModel({ ...configuration, ...probe, target: "wasm", solver: "sosri", saveAt });
    try {
      return meanOf(draws(probed, params, data, paths, probeCount).map(({ nfe }) => nfe));
    } finally {
      probed.dispose();
    }
  };
  const few = draws(model, params, data, paths, drawCount);
  const [many] = draws(model, params, data, manyPaths, 1);
  const average = (of: (draw: Draw) => number): number => meanOf(few.map(of));
  return {
    loss: average(({ loss }) => loss),
    lossOfMany: many.loss,
    nfe: average(({ nfe }) => nfe),
    accepted: average(({ steps }) => steps.filter(({ accepted }) => accepted).length),
    rejected: average(({ steps }) => steps.filter(({ accepted }) => !accepted).length),
    nfeProbe: costOf(commonProbe),
    resolved: otherProbes.map((probe) => ({ ...probe, nfe: costOf(probe) })),
    times: data.times.map(short),
    data: rowMoments(data),
    moments: rowMoments(momentsOf(data.times, many.states)),
    paths: Array.from({ length: keptPaths }, (_, path) => pathOf(many.states, path)),
    predictSeconds: average(({ seconds }) => seconds),
  };
}

/** One solve of many paths. */
interface Draw {
  readonly loss: number;
  readonly nfe: number;
  readonly steps: readonly StepRecord[];
  /** Of shape [times, paths, 2]. */
  readonly states: NdArray;
  readonly seconds: number;
}

/** Solves along the same noise for all models. */
function draws(model: Model, params: Params, data: Moments, paths: number, count: number): Draw[] {
  const { target } = model;
  const fit = momentFit(model, data, paths);
  const scope = new ValueScope(target);
  try {
    const names = Object.keys(params);
    const values = scope.own(names.map((name) => target.put(params[name])));
    const named = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    return Array.from({ length: count }, (_, i) => {
      const start = performance.now();
      const value = fit.value(named, { ...evaluation, random: new Random(0).split(`draw ${i}`) });
      const seconds = (performance.now() - start) / 1000;
      const states = target.get(value.values[outputName]);
      const steps = value.runs.flatMap(({ solve }) => solve?.steps ?? []);
      value.release();
      return { loss: value.loss, nfe: functionEvaluations(value), steps, states, seconds };
    });
  } finally {
    scope.release();
    fit.dispose();
  }
}

function rowMoments({ means, variances }: Moments): RowMoments {
  return { means: pairs(means.data), variances: pairs(variances.data) };
}

/** One path of states of shape [times, paths, 2]. */
function pathOf({ shape: [times, paths], data }: NdArray, path: number): (readonly [number, number])[] {
  return Array.from({ length: times }, (_, i) => {
    const at = 2 * (i * paths + path);
    return [short(data[at]), short(data[at + 1])];
  });
}

function pairs(data: ArrayLike<number>): (readonly [number, number])[] {
  return Array.from({ length: data.length / 2 }, (_, i) => [short(data[2 * i]), short(data[2 * i + 1])]);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Enough digits for a chart. */
function short(value: number): number {
  return Number(value.toPrecision(5));
}
