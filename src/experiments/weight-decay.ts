import { annealed, constant, type Schedule } from "../nn/schedules.js";

/** A weight that decays exponentially from the start of a training to its end. */
export interface WeightDecay {
  readonly from: number;
  readonly to: number;
}

/** A weight that stays the same throughout a training. */
export function steady(weight: number): WeightDecay {
  return { from: weight, to: weight };
}

/** A weight that ends at a tenth, as those of error penalties do in Pal et al. (ICML 2021). */
export function tenfold(weight: number): WeightDecay {
  return { from: weight, to: weight / 10 };
}

/** The weight of a run: the method's own, or the one chosen with its end in proportion; undefined where there is none. */
export function chosenWeight(
  own: WeightDecay | undefined,
  chosen: number | undefined,
): WeightDecay | undefined {
  if (!own || chosen === undefined) return own;
  return { from: chosen, to: chosen * (own.to / own.from) };
}

/** The weight in the course of a training; zero where there is none. */
export function scheduleOf(weight: WeightDecay | undefined): Schedule {
  return weight ? annealed(weight.from, weight.to) : constant(0);
}
