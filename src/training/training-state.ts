import type { NdArray } from "../compiler/nd-array.js";
import type { NamedValues, Target } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { Optimizer } from "../nn/optimizers/optimizer.js";
import { compileOptimizer, type OptimizerProgram } from "../nn/optimizers/optimizer-program.js";
import { requireFinite } from "./not-finite-error.js";
import type { Iteration, Task, TaskStep } from "./task.js";

/** Arrays by name. */
export type ArraysByName = Readonly<Record<string, NdArray>>;

/** Parameters and optimizer state after so many iterations, on the host. */
export interface Snapshot {
  readonly iteration: number;
  readonly params: ArraysByName;
  readonly optimizer: ArraysByName;
}

/** What an iteration showed. */
export type StepMeasures = Pick<TaskStep, "loss" | "penalty" | "nfe" | "measures">;

/** Parameters and optimizer state of a training, on the task's target. */
export class TrainingState {
  private readonly program: OptimizerProgram;
  private readonly scope: ValueScope;
  private current: { readonly params: NamedValues; readonly optimizer: NamedValues };

  constructor(
    private readonly task: Task,
    optimizer: Optimizer,
    params: ArraysByName,
  ) {
    this.scope = new ValueScope(task.target);
    this.program = compileOptimizer(optimizer, task.params, task.target);
    this.current = { params: this.put(params), optimizer: this.program.initialState() };
    this.scope.own(Object.values(this.current.optimizer));
  }

  /** The parameters on the target. They stay the state's, and are gone after the next iteration. */
  get params(): NamedValues {
    return this.current.params;
  }

  /**
   * One iteration: the gradient of loss and penalties, and an update.
   *
   * @throws NotFiniteError when the loss, a penalty or the gradient is not finite, SolveError when a solve fails; the
   * parameters are then as they were.
   */
  advance(iteration: Iteration, learningRateFactor: number): StepMeasures {
    const step = this.task.step(this.params, iteration);
    try {
      requireFinite("loss", step.loss);
      requireFinite("penalty", step.penalty);
      this.update(step, iteration.number, learningRateFactor);
      return measuresOf(step);
    } finally {
      step.release();
    }
  }

  /** Copies everything to the host. */
  snapshot(iteration: number): Snapshot {
    const { params, optimizer } = this.current;
    const { target } = this.task;
    return { iteration, params: arraysOf(params, target), optimizer: arraysOf(optimizer, target) };
  }

  /** Goes to what was copied before. */
  restore({ params, optimizer }: Snapshot): void {
    this.replace({ params: this.put(params), optimizer: this.put(optimizer) });
  }

  /** Frees everything, and gives back the optimizer's program. */
  dispose(): void {
    this.scope.release();
    this.program.dispose();
  }

  private update(step: TaskStep, number: number, learningRateFactor: number): void {
    const { params, optimizer } = this.current;
    const gradients = step.gradients();
    try {
      const updated = this.program.update(params, gradients, optimizer, number, learningRateFactor);
      this.scope.own([...Object.values(updated.params), ...Object.values(updated.state)]);
      const next = { params: updated.params, optimizer: updated.state };
      if (!Number.isFinite(updated.gradientNorm)) this.free(next);
      requireFinite("norm of the gradient", updated.gradientNorm);
      this.replace(next);
    } finally {
      for (const gradient of Object.values(gradients)) this.task.target.free(gradient);
    }
  }

  private replace(next: typeof this.current): void {
    this.free(this.current);
    this.current = next;
  }

  private free({ params, optimizer }: typeof this.current): void {
    this.scope.free([...Object.values(params), ...Object.values(optimizer)]);
  }

  private put(arrays: ArraysByName): NamedValues {
    const values = this.scope.put(Object.values(arrays));
    return Object.fromEntries(Object.keys(arrays).map((name, i) => [name, values[i]]));
  }
}

/** What a step shows, without what it holds. */
export function measuresOf({ loss, penalty, nfe, measures }: TaskStep): StepMeasures {
  return { loss, penalty, nfe, measures };
}

function arraysOf(values: NamedValues, target: Target): ArraysByName {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, target.get(value)]));
}
