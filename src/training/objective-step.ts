import type { SolveRecord } from "../models/block.js";
import type { ObjectiveValue } from "../models/objective.js";
import type { Measures, TaskStep } from "./task.js";

/** Function evaluations of all solves of a forward pass, of a stochastic one those of its drift; 0 without a solver. */
export function functionEvaluations({ runs }: Pick<ObjectiveValue, "runs">): number {
  return runs.reduce((sum, { solve }) => sum + (solve ? evaluationsOf(solve) : 0), 0);
}

function evaluationsOf({ stats: { nfe } }: SolveRecord): number {
  return "drift" in nfe ? nfe.drift : nfe.total;
}

/** An objective's value as a task's step: gradients for the named parameters, and what else was measured. */
export function objectiveStep(
  value: ObjectiveValue,
  params: readonly string[],
  measures: Measures = {},
): TaskStep {
  const { loss, penalty } = value;
  return {
    loss,
    penalty,
    nfe: functionEvaluations(value),
    measures,
    gradients: () => value.gradients(params),
    release: () => value.release(),
  };
}
