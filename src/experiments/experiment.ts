import type { FetchOptions } from "../data/fetch.js";
import type { CheckpointOptions } from "../training/checkpoint-file.js";
import type { FailurePolicy, Incident } from "../training/failure-policy.js";
import type { TrainingProgress } from "../training/training-progress.js";
import type { PublishedTable } from "./published-table.js";
import type { ResultRow, RowIdentity } from "./result-row.js";
import type { RunOptions } from "./run-options.js";

/** How a run is watched and stopped, and what it may use. */
export interface RunContext {
  readonly signal?: AbortSignal;
  /** Called after every iteration, and awaited: it may draw. */
  readonly onProgress?: (progress: TrainingProgress) => void | Promise<void>;
  /** Told once which data are in use. */
  readonly onData?: (description: string) => void;
  /** Progress of a download, where the data have to be fetched. */
  readonly fetch?: Pick<FetchOptions, "onProgress">;
  /** Where the training is kept, so that it can go on after an interruption. @defaultValue nowhere */
  readonly checkpoint?: Omit<CheckpointOptions, "configuration">;
  /** Whether to go on from the checkpoint, if there is one. @defaultValue false */
  readonly resume?: boolean;
  /** What becomes of failed solves and of numbers that are not finite. @defaultValue stop */
  readonly onFailure?: FailurePolicy;
  /** Told of each failure that the training survives; the row has them, too. */
  readonly onIncident?: (incident: Incident) => void;
  /** Threads of the training's target. @defaultValue all processors, at most 8 */
  readonly threads?: number;
}

/** A number of a row that tables show. */
export interface Measure {
  /** The row's field. */
  readonly field: string;
  /** The heading of its column, with the unit. */
  readonly title: string;
  /** From the field to what is shown: 100 for a percentage. @defaultValue 1 */
  readonly factor?: number;
  /** Decimals shown; three significant digits and an exponent when left out. */
  readonly decimals?: number;
  /** How a method is compared with the baseline: by ratio, where 0 means "not measured", or by difference. */
  readonly comparison?: "ratio" | "difference";
}

/** What all commands need of an experiment. */
export interface Experiment<Row extends ResultRow = ResultRow> {
  readonly name: string;
  /** In the order of presentation. */
  readonly methods: readonly string[];
  readonly presets: readonly string[];
  /** The preset of a run that names none. */
  readonly defaultPreset: string;
  /** What is measured, in the order of a table's columns; the first says how good a model is. */
  readonly measures: readonly Measure[];
  /** What papers report of the same. */
  readonly published: readonly PublishedTable[];
  /**
   * The fields of a row that say which run it is.
   *
   * @throws RangeError naming the option that is wrong and what is allowed.
   */
  identity(options: RunOptions): RowIdentity;
  /**
   * Trains, measures, and returns the row.
   *
   * @throws RangeError for wrong options; DataError when the data cannot be had; TrainingError when the training breaks
   * down; CheckpointError when its checkpoint cannot be used; SolveError when the trained model cannot be solved; the
   * signal's reason when it is aborted.
   */
  run(options: RunOptions, context?: RunContext): Promise<Row>;
}
