import { evaluation as evaluationContext } from "../models/block.js";
import { SolveError } from "../models/solve-error.js";
import { CheckpointFile } from "./checkpoint-file.js";
import type { FailurePolicy, Incident } from "./failure-policy.js";
import { type IterationPlan, iterationAt } from "./iterations.js";
import { NotFiniteError, requireFinite } from "./not-finite-error.js";
import type { Evaluation } from "./task.js";
import { trainingConfiguration } from "./training-configuration.js";
import { TrainingCurve } from "./training-curve.js";
import { TrainingError } from "./training-error.js";
import type { TaskTrainingOptions, TrainingResult } from "./training-options.js";
import { measuresOf, type Snapshot, type StepMeasures, TrainingState } from "./training-state.js";

/** Options of a training with all that is left out filled in. */
interface CompleteOptions extends TaskTrainingOptions {
  readonly evaluateEvery: number;
  readonly onFailure: FailurePolicy;
  readonly plan: IterationPlan;
}

/** A training under way: one iteration after the other, with reports, checkpoints and what to do about failures. */
export class Training {
  private iteration = 0;
  private seconds = 0;
  private learningRateFactor = 1;
  private incidents: Incident[] = [];
  private curve = new TrainingCurve();
  /** Where a retry goes back to; kept only for that policy. */
  private fallback: Snapshot | undefined;
  private readonly state: TrainingState;
  private readonly checkpoint: CheckpointFile | undefined;

  constructor(private readonly options: CompleteOptions) {
    const { task, optimizer, plan, checkpoint } = options;
    this.checkpoint = checkpoint && new CheckpointFile(checkpoint, trainingConfiguration(options));
    this.state = new TrainingState(task, optimizer, task.initialise(plan.random.split("initialise")));
  }

  /** From the start, or from the checkpoint, to the end. */
  async run(): Promise<TrainingResult> {
    const { iterations, signal } = this.options;
    if (!(await this.resume())) await this.begin();
    while (this.iteration < iterations) {
      await this.keep();
      signal?.throwIfAborted();
      await this.next();
    }
    await this.keep();
    const { params } = this.state.snapshot(this.iteration);
    const { seconds, curve, incidents } = this;
    return { params, seconds, iterations, curve: curve.points, incidents };
  }

  /** Frees parameters and optimizer state; the task remains the caller's. */
  dispose(): void {
    this.state.dispose();
  }

  /** Goes to where the checkpoint is, if there is one. */
  private async resume(): Promise<boolean> {
    const found = await this.checkpoint?.open(this.options.resume ?? false);
    if (!found) return false;
    this.state.restore(found.snapshot);
    this.iteration = found.snapshot.iteration;
    if (this.options.onFailure.action === "retry") this.fallback = found.fallback ?? found.snapshot;
    this.seconds = found.seconds;
    this.learningRateFactor = found.learningRateFactor;
    this.incidents = [...found.incidents];
    this.curve = new TrainingCurve(found.curve);
    return true;
  }

  /** Reports what the initial parameters give, on the batch of the first iteration. */
  private async begin(): Promise<void> {
    const { task, plan } = this.options;
    const first = iterationAt(plan, 1);
    const context = { ...evaluationContext, random: first.context.random };
    const measured = await this.attempt(0, async () => {
      const step = task.step(this.state.params, { ...first, context });
      step.release();
      return measuresOf(step);
    });
    const evaluation = await this.attempt(0, () => this.evaluate());
    if (measured) await this.report(measured, evaluation);
  }

  /** One iteration, with its evaluation where one is due. */
  private async next(): Promise<void> {
    const { plan, evaluateEvery } = this.options;
    const number = this.iteration + 1;
    const measured = await this.attempt(number, async () => {
      const begin = performance.now();
      const found = this.state.advance(iterationAt(plan, number), this.learningRateFactor);
      this.seconds += (performance.now() - begin) / 1000;
      this.iteration = number;
      return found;
    });
    if (!measured) return;
    const isDue = number % evaluateEvery === 0 || number === plan.iterations;
    const evaluation = isDue ? await this.attempt(number, () => this.evaluate()) : undefined;
    if (this.iteration === number) await this.report(measured, evaluation);
  }

  private async evaluate(): Promise<Evaluation> {
    const { task, plan, signal, onFailure } = this.options;
    const random = plan.random.split("evaluation");
    const evaluation = await task.evaluate(this.state.params, { random, signal });
    for (const [name, value] of Object.entries(evaluation)) requireFinite(`evaluation's ${name}`, value);
    if (onFailure.action === "retry") this.fallback = this.state.snapshot(this.iteration);
    return evaluation;
  }

  private async report(measured: StepMeasures, evaluation?: Evaluation): Promise<void> {
    const { iterations, onProgress, plan } = this.options;
    const { iteration, seconds } = this;
    const progress = {
      iteration,
      iterations,
      epoch: iteration / plan.iterationsPerEpoch,
      ...measured,
      seconds,
      secondsLeft: iteration === 0 ? 0 : (seconds / iteration) * (iterations - iteration),
      ...(evaluation && { evaluation }),
    };
    this.curve.add(progress);
    await onProgress?.(progress);
    await new Promise(setImmediate);
  }

  /** Runs a part of an iteration; where it fails, does what the policy says, and gives nothing. */
  private async attempt<T>(number: number, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof SolveError || error instanceof NotFiniteError)) throw error;
      const incident = this.survived(number, error);
      this.incidents.push(incident);
      await this.options.onIncident?.(incident);
      return undefined;
    }
  }

  /** @throws TrainingError when the failure is not to be survived. */
  private survived(number: number, error: Error): Incident {
    const { onFailure: policy } = this.options;
    const { incidents, fallback } = this;
    const { message: reason } = error;
    if (policy.action === "stop" || incidents.length >= policy.atMost || number === 0) {
      throw new TrainingError(number, reason, incidents, { cause: error });
    }
    this.iteration = number;
    if (policy.action === "retry" && fallback) {
      this.state.restore(fallback);
      this.curve.rewind(fallback.iteration);
      this.iteration = fallback.iteration;
      this.learningRateFactor *= policy.learningRateFactor;
    }
    const { action } = policy;
    const { iteration: continuedAfter, learningRateFactor } = this;
    return { iteration: number, reason, action, continuedAfter, learningRateFactor };
  }

  /** Writes a checkpoint, where one is due: in time, at the end, and before a stop. */
  private async keep(): Promise<void> {
    const { signal, iterations } = this.options;
    const { iteration, checkpoint, fallback, seconds, learningRateFactor, incidents, curve } = this;
    const isLast = iteration === iterations || (signal?.aborted ?? false);
    if (!checkpoint?.isDue(iteration, isLast)) return;
    await checkpoint.write({
      snapshot: this.state.snapshot(iteration),
      fallback,
      seconds,
      learningRateFactor,
      incidents,
      curve: curve.points,
    });
  }
}
