import type { Random } from "../compiler/random.js";
import type { Schedule } from "../nn/schedules.js";
import type { FinishedSolve, FirstStage, LocalRegularizer } from "./regularizer.js";

/** Where the local step is taken. */
export type LocalTime = "biased" | "unbiased";

const times: Readonly<Record<LocalTime, LocalRegularizer["localStepAt"]>> = {
  biased: ({ span: [start], steps }, random) =>
    steps.length > 1 ? steps[1 + random.integer(steps.length - 1)].t : start,
  unbiased: ({ span: [start, end] }, random) => start + (end - start) * random.uniform(),
};

/** Options of the local error penalty. */
export interface LocalErrorPenaltyOptions {
  readonly weight: Schedule;
  /**
   * How the step's time is drawn: "biased" from the times between accepted steps, each equally likely, without start and
   * end (the start where there was only one step); "unbiased" uniformly from the span; or a function that chooses it.
   */
  readonly time: LocalTime | ((solve: FinishedSolve, random: Random) => number);
  /** Of ordinary equations; of stochastic ones all stages are differentiated. @defaultValue "constant" */
  readonly firstStage?: FirstStage;
}

/**
 * Penalises the error of one step of tsit5 at a random time t_r of the solution: R = h E, with the automatic first step h of
 * the problem that starts at u(t_r) (Pal, Edelman, Rackauckas, ICML 2023, "Locally Regularized Neural Differential
 * Equations"). As in their code u(t_r), h and the first stage are constants: R is differentiated by the
 * parameters through the other stages alone. The weights of the stages in E sum to zero; with one of them constant that is
 * lost to the gradient, which is then far from that of the step's error: `firstStage: "differentiated"` gives the latter.
 * One time is drawn for the whole batch in every iteration. E is far below 1 at this h: weights are not those of
 * `errorPenalty`. Its 8 evaluations, and those of the step that it begins
 * in, which is computed once more for u(t_r), are not counted as the solve's.
 *
 * Along a stochastic equation the step is one of sosri (sosra for additive noise), along noise of its own; all its stages are
 * differentiated, again as in their code.
 */
export function localErrorPenalty(options: LocalErrorPenaltyOptions): LocalRegularizer {
  const { weight, time, firstStage = "constant" } = options;
  const isNamed = typeof time === "string";
  return {
    name: isNamed ? `local, ${time}` : "local",
    settings: { firstStage },
    weight,
    firstStage,
    localStepAt: isNamed ? times[time] : time,
  };
}
