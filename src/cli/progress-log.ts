import type { FetchProgress } from "../data/fetch.js";
import type { TrainingProgress } from "../training/training-progress.js";

/** Milliseconds between two lines. */
const pace = 1000;

/** Tells how a run is getting on as JSON lines, for programs: one object a line, its kind in `event`. */
export class ProgressLog {
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly stream: { write(text: string): unknown }) {}

  /** Something said once. */
  note(text: string): void {
    this.write({ event: "note", text });
  }

  /** The state of the training; not oftener than once a second, but every evaluation and the end. */
  update(progress: TrainingProgress): void {
    const { iteration, iterations, epoch, loss, penalty, nfe, seconds, secondsLeft, evaluation } = progress;
    const now = performance.now();
    if (!evaluation && iteration < iterations && now - this.last < pace) return;
    this.last = now;
    const state = { iteration, iterations, epoch, loss, penalty, nfe, seconds, secondsLeft };
    this.write({ event: "progress", ...state, ...(evaluation && { evaluation }) });
  }

  /** The state of a download. */
  download({ file, received, size }: FetchProgress): void {
    const now = performance.now();
    if (received < size && now - this.last < pace) return;
    this.last = now;
    this.write({ event: "download", file, received, size });
  }

  /** Nothing is left to end. */
  end(): void {}

  private write(event: object): void {
    this.stream.write(`${JSON.stringify(event)}\n`);
  }
}
