import type { NdArray } from "../../compiler/nd-array.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { type Model, outputName } from "../../models/model.js";
import { functionEvaluations } from "../../training/objective-step.js";
import { commonProbe, otherProbes, type ProbedSolve } from "../probed-solves.js";
import type { SpiralOdeConfiguration } from "./configuration.js";
import { spiralStart } from "./spiral.js";
import { spiralModel } from "./spiral-model.js";
import type { SpiralOdeRow } from "./spiral-ode-row.js";
import { trajectoryFit } from "./trajectory-fit.js";

/** What is measured on a trained model. */
type SpiralOdeMetrics = Pick<
  SpiralOdeRow,
  "loss" | "nfe" | "accepted" | "rejected" | "trajectory" | "steps" | "nfeProbe" | "resolved"
>;

type Params = Readonly<Record<string, NdArray>>;

/** The true spiral at the points of the fit. */
interface Spiral {
  readonly times: readonly number[];
  readonly states: NdArray;
}

/**
 * How well a trained model fits the spiral, its trajectory and steps, and what its solution costs elsewhere.
 *
 * @throws SolveError when a solve fails.
 */
export function measure(
  model: Model,
  params: Params,
  spiral: Spiral,
  { hidden }: SpiralOdeConfiguration,
): SpiralOdeMetrics {
  const costOf = ({ precision, tolerance }: ProbedSolve): number => {
    const tolerances = { rtol: tolerance, atol: tolerance };
    const probed = spiralModel(hidden, { ...tolerances, precision, target: "wasm", saveAt: spiral.times });
    try {
      return solved(probed, params, spiral).nfe;
    } finally {
      probed.dispose();
    }
  };
  return {
    ...solved(model, params, spiral),
    nfeProbe: costOf(commonProbe),
    resolved: otherProbes.map((probe) => ({ ...probe, nfe: costOf(probe) })),
  };
}

function solved(
  model: Model,
  params: Params,
  { times, states }: Spiral,
): Omit<SpiralOdeMetrics, "nfeProbe" | "resolved"> {
  const { target } = model;
  const fit = trajectoryFit(model, spiralStart, states);
  const scope = new ValueScope(target);
  try {
    const names = Object.keys(params);
    const values = scope.own(names.map((name) => target.put(params[name])));
    const value = fit.value(Object.fromEntries(names.map((name, i) => [name, values[i]])));
    const { data } = target.get(value.values[outputName]);
    const attempts = value.runs.flatMap(({ solve }) => solve?.steps ?? []);
    const accepted = attempts.filter((step) => step.accepted);
    value.release();
    return {
      loss: value.loss,
      nfe: functionEvaluations(value),
      accepted: accepted.length,
      rejected: attempts.length - accepted.length,
      trajectory: {
        t: times.map(short),
        u: times.map((_, i) => [short(data[2 * i]), short(data[2 * i + 1])] as const),
      },
      steps: { t: accepted.map(({ t }) => short(t)), h: accepted.map(({ h }) => short(h)) },
    };
  } finally {
    scope.release();
    fit.dispose();
  }
}

/** Enough digits for a chart. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
