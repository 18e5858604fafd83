/** Times a piece of work that may take anything from a microsecond to a minute; `peers/common.py` does the same. */

/** Milliseconds that a repetition lasts at least: shorter work is run several times, and the time is its mean. */
const SHORTEST = 10;
/** Milliseconds from which work needs no warming up: its first run counts, and is the only one. */
const LONG = 1000;

/** Measures one piece of work again and again, and remembers how many runs of it make a repetition. */
export class Repetition<Outcome> {
  private runs = 1;

  constructor(private readonly work: () => Outcome) {}

  /** Milliseconds per run in each repetition, after one that only wakes threads and warms caches; the last outcome. */
  measure(repetitions: number): { readonly milliseconds: number[]; readonly outcome: Outcome } {
    const first = this.repeat();
    if (first.milliseconds >= LONG) return { ...first, milliseconds: [first.milliseconds] };
    let { outcome } = first;
    const milliseconds = Array.from({ length: repetitions }, () => {
      const next = this.repeat();
      outcome = next.outcome;
      return next.milliseconds;
    });
    return { milliseconds, outcome };
  }

  private repeat(): { readonly milliseconds: number; readonly outcome: Outcome } {
    const start = performance.now();
    let outcome = this.work();
    for (let run = 1; run < this.runs; run++) outcome = this.work();
    const milliseconds = (performance.now() - start) / this.runs;
    this.runs = Math.max(1, Math.ceil(SHORTEST / milliseconds));
    return { milliseconds, outcome };
  }
}
