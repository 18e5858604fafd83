import type { Random } from "../compiler/random.js";
import type { NamedValues } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import { compileOptimizer, type OptimizerProgram } from "../nn/optimizers/optimizer-program.js";
import { type BatchMeasures, Classifier } from "./classifier.js";
import type { Iteration } from "./iterations.js";
import type { TrainOptions } from "./train.js";
import { TrainingError } from "./training-error.js";

/** A classifier under training: its parameters, the optimizer and its state. */
export class TrainingSession {
  readonly classifier: Classifier;
  private readonly optimizer: OptimizerProgram;
  private readonly scope: ValueScope;
  private state: NamedValues;

  constructor(
    private readonly options: Pick<TrainOptions, "model" | "loss" | "optimizer" | "regularizers" | "train">,
    private readonly random: Random,
  ) {
    const { model, loss, optimizer } = options;
    this.scope = new ValueScope(model.target);
    this.optimizer = compileOptimizer(optimizer, model.params, model.target);
    this.classifier = new Classifier(model, loss, model.initialise(random.split("initialise")));
    this.state = this.optimizer.initialState();
    this.scope.own(Object.values(this.state));
  }

  /**
   * One iteration: the gradient of loss and penalties on a batch, and an update.
   *
   * @throws TrainingError when the loss or a penalty is not finite; SolveError when the solve fails.
   */
  step({ iteration, positions, progress }: Iteration): BatchMeasures {
    const { model, regularizers = [], train } = this.options;
    const random = this.random.split(`iteration ${iteration}`);
    const context = { differentiate: true, regularizers, progress, random };
    return this.classifier.run(train, positions, context, (value, measures) => {
      requireFinite(iteration, "loss", measures.loss);
      requireFinite(iteration, "penalty", measures.penalty);
      const gradients = value.gradients(Object.keys(model.params));
      try {
        this.update(gradients, iteration);
      } finally {
        for (const gradient of Object.values(gradients)) model.target.free(gradient);
      }
      return measures;
    });
  }

  /** Frees parameters and state, and gives back the programs. */
  dispose(): void {
    this.scope.release();
    this.optimizer.dispose();
    this.classifier.dispose();
  }

  private update(gradients: NamedValues, iteration: number): void {
    const updated = this.optimizer.update(this.classifier.values, gradients, this.state, iteration);
    this.classifier.replace(updated.params);
    this.scope.own(Object.values(updated.state));
    this.scope.free(Object.values(this.state));
    this.state = updated.state;
  }
}

/** @throws TrainingError when a number is NaN or infinite. */
export function requireFinite(iteration: number, name: string, value: number): void {
  if (!Number.isFinite(value)) throw new TrainingError(iteration, `the ${name} is ${value}`);
}
