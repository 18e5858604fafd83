import type { WriteStream } from "node:tty";
import { runTitle } from "../../experiments/sweep-grid.js";
import { formatNumber } from "../../report/number-format.js";
import { durationText } from "../duration.js";
import { countIn, type SweptRun, secondsLeft } from "./sweep-state.js";

/** Milliseconds between two pictures on a terminal, and between two summaries in a log. */
const pace = { terminal: 250, log: 30_000 };

/** Characters of a run's bar. */
const barWidth = 20;

/** Shows a sweep: a table of what runs that is drawn again in place on a terminal, lines in a log. */
export class SweepDisplay {
  private drawnLines = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly stream: Pick<WriteStream, "write" | "isTTY" | "columns" | "rows">,
    private readonly runs: readonly SweptRun[],
    private readonly jobs: number,
  ) {
    this.timer = setInterval(() => this.draw(), stream.isTTY ? pace.terminal : pace.log);
  }

  /** Says that a run has begun or come to its end. */
  tell(run: SweptRun): void {
    const { state, failure, startedAt = performance.now() } = run;
    if (state === "running" && this.stream.isTTY) return;
    const seconds = durationText((performance.now() - startedAt) / 1000);
    const what = { running: "started", done: `done in ${seconds}`, failed: `failed: ${failure}` };
    if (!(state in what)) return;
    this.erase();
    this.stream.write(`${runTitle(run.identity)}: ${what[state as keyof typeof what]}\n`);
    if (this.stream.isTTY || state !== "running") this.draw();
  }

  /** Takes the table away, and draws no more. */
  end(): void {
    clearInterval(this.timer);
    this.erase();
  }

  private draw(): void {
    const lines = this.stream.isTTY ? [...this.runLines(), this.summary()] : [this.summary()];
    this.erase();
    for (const line of lines) this.stream.write(`${line.slice(0, (this.stream.columns ?? 200) - 1)}\n`);
    if (this.stream.isTTY) this.drawnLines = lines.length;
  }

  /** Goes back over what is drawn. */
  private erase(): void {
    if (this.drawnLines > 0) this.stream.write(`\x1b[${this.drawnLines}A\x1b[0J`);
    this.drawnLines = 0;
  }

  private runLines(): string[] {
    const running = this.runs.filter(({ state }) => state === "running");
    const most = Math.max(1, (this.stream.rows ?? 24) - 3);
    const width = Math.max(...running.map(({ identity }) => runTitle(identity).length));
    return running
      .slice(0, most)
      .map((run) => `${runTitle(run.identity).padEnd(width)}  ${progressText(run)}`);
  }

  private summary(): string {
    const { runs, jobs } = this;
    const left = secondsLeft(runs, jobs, performance.now());
    const failed = countIn(runs, "failed");
    const parts = [
      `${countIn(runs, "there", "done")} of ${runs.length} rows there`,
      `${countIn(runs, "running")} running`,
      `${countIn(runs, "waiting")} waiting`,
      failed > 0 ? `${failed} failed` : "",
      left === undefined ? "" : `about ${durationText(left)} left`,
    ];
    return parts.filter((part) => part !== "").join(", ");
  }
}

function progressText({ progress }: SweptRun): string {
  if (!progress) return "starting";
  const { iteration, iterations, loss, nfe, secondsLeft: left } = progress;
  const done = Math.round((barWidth * iteration) / iterations);
  const bar = "█".repeat(done) + "░".repeat(barWidth - done);
  const rest = iteration === iterations ? "measuring" : `${durationText(left)} left`;
  return `${bar} ${iteration}/${iterations}  loss ${formatNumber(loss ?? Number.NaN, 3)}  NFE ${nfe}  ${rest}`;
}
