import type { WriteStream } from "node:tty";
import type { FetchProgress } from "../data/fetch.js";
import type { Evaluation } from "../training/task.js";
import type { TrainingProgress } from "../training/training-progress.js";

/** Milliseconds between two lines where the line cannot be overwritten, and on a terminal. */
const pace = { log: 10_000, terminal: 200 };

/** Characters of a bar, and how wide a terminal must be to have one. */
const bar = { length: 20, columns: 80, done: "█", left: "░" };

/** Shows how a run is getting on: a bar on one line that is overwritten on a terminal, a line now and then in a log. */
export class ProgressLine {
  private last = 0;
  private shown = false;
  private evaluated = "";

  constructor(
    private readonly stream: Pick<WriteStream, "write" | "isTTY" | "columns">,
    private readonly title: string,
  ) {}

  /** A line that stays. */
  note(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }

  /** The state of the training. */
  update(progress: TrainingProgress): void {
    const { iteration, iterations, epoch, loss, nfe, secondsLeft, evaluation } = progress;
    if (evaluation) this.evaluated = evaluationText(evaluation);
    const left = iteration === 0 ? "" : `  ${Math.ceil(secondsLeft)} s left`;
    const text =
      `${this.title}${this.bar(iteration / iterations)}  epoch ${epoch.toFixed(2)}  ${iteration}/${iterations}` +
      `  loss ${loss.toFixed(4)}${this.evaluated}  NFE ${evaluation?.nfe ?? nfe}${left}`;
    this.show(text, evaluation !== undefined);
  }

  /** The state of a download. */
  download({ file, received, size }: FetchProgress): void {
    this.show(`fetching ${file}  ${Math.round((100 * received) / size)} %`, received === size);
  }

  /** Ends the line, so that other output begins on its own. */
  end(): void {
    if (this.shown && this.stream.isTTY) this.stream.write("\n");
    this.shown = false;
  }

  private bar(fraction: number): string {
    const { isTTY, columns } = this.stream;
    if (!isTTY || columns < bar.columns) return "";
    const done = Math.floor(fraction * bar.length);
    return `  ${bar.done.repeat(done)}${bar.left.repeat(bar.length - done)}`;
  }

  private show(text: string, always: boolean): void {
    const now = Date.now();
    if (!always && now - this.last < (this.stream.isTTY ? pace.terminal : pace.log)) return;
    this.last = now;
    const line = text.slice(0, (this.stream.columns ?? text.length + 1) - 1);
    this.stream.write(this.stream.isTTY ? `\r\x1b[2K${line}` : `${text}\n`);
    this.shown = true;
  }
}

/** "  accuracy 90.0 %  mean error 0.0123": every measure by its name in words, but for the evaluations. */
function evaluationText({ nfe, ...measures }: Evaluation): string {
  return Object.entries(measures)
    .map(([name, value]) => {
      const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      const number = name === "accuracy" ? `${(100 * value).toFixed(1)} %` : value.toPrecision(3);
      return `  ${words} ${number}`;
    })
    .join("");
}
