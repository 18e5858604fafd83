import type { NamedTensors } from "../../compiler/trace/trace.js";

/** A rule that updates one parameter from its gradient; a traced function, so that nothing leaves the target. */
export interface Optimizer {
  readonly name: string;
  /** Names of the arrays that the rule keeps for each parameter, zero at the start. */
  readonly slots: readonly string[];
  /** Learning rate at iteration 1, 2, ..., read by `update` as `rate`. */
  rate(iteration: number): number;
  /** Other numbers that change with the iteration, under the names by which `update` reads them. */
  scalars?(iteration: number): Readonly<Record<string, number>>;
  /** Reads `param`, `gradient`, the slots, `rate` and the scalars; returns the new `param` and slots. */
  update(read: NamedTensors): NamedTensors;
}
