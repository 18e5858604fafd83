import type { Random } from "../compiler/random.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import type { Iteration } from "./task.js";

/** How a training is cut into iterations. */
export interface IterationPlan {
  /** Iterations in all. */
  readonly iterations: number;
  readonly iterationsPerEpoch: number;
  /** Whether `progress` changes with every iteration, up to 1 at the last, or only with every epoch. */
  readonly annealing: "iteration" | "epoch";
  readonly regularizers: readonly Regularizer[];
  /** The training's stream, which is only split. */
  readonly random: Random;
}

/** @throws RangeError when a count is not a positive whole number. */
export function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`train: ${name} must be a whole number, at least 1, got ${value}`);
    }
  }
}

/** An iteration by its number: it does not depend on those before it. */
export function iterationAt(plan: IterationPlan, number: number): Iteration {
  const { iterations, iterationsPerEpoch, annealing, regularizers, random } = plan;
  const done = number - 1;
  const epoch = Math.floor(done / iterationsPerEpoch);
  const progress =
    annealing === "epoch" ? (epoch * iterationsPerEpoch) / iterations : done / Math.max(1, iterations - 1);
  return {
    number,
    epoch,
    place: done % iterationsPerEpoch,
    epochRandom: random.split(`epoch ${epoch}`),
    context: { differentiate: true, regularizers, progress, random: random.split(`iteration ${number}`) },
  };
}
