import type { Engine, Reply, Work } from "./engine.js";
import { type Measurements, WORKS } from "./interleave.js";
import { medianOf, medianWithInterval } from "./ratio.js";

/** One comparison. Ratios are times per field evaluation, theirs over ours: above 1, ours is faster. */
export interface Row {
  readonly problem: string;
  readonly work: Work;
  readonly peer: string;
  readonly target: string;
  readonly nfe: number;
  readonly peerNfe: number;
  readonly ratio: number;
  /** Holds the median ratio with at least 95 % confidence. */
  readonly interval: readonly [low: number, high: number];
  /** Median milliseconds of one whole run. */
  readonly ours: number;
  readonly theirs: number;
}

/** Two engines of which the first is ours. */
export type Pair = readonly [ours: Engine, theirs: Engine];

/**
 * Compares each pair round by round, after making sure that both computed the same.
 *
 * @throws Error when the norms of a pair's results differ in their first four digits.
 */
export function compare(
  problem: string,
  target: string,
  pairs: readonly Pair[],
  measurements: ReadonlyMap<Engine, Measurements>,
): Row[] {
  const replies = (engine: Engine, work: Work) => measurements.get(engine)?.[work] ?? [];
  for (const work of WORKS) {
    for (const [ours, theirs] of pairs)
      checkAgreement(ours, replies(ours, work), theirs, replies(theirs, work));
  }
  return WORKS.flatMap((work) =>
    pairs.map(([ours, theirs]) => ({
      problem,
      work,
      peer: theirs.greeting.engine,
      target,
      ...compareReplies(replies(ours, work), replies(theirs, work)),
    })),
  );
}

function compareReplies(ours: readonly Reply[], theirs: readonly Reply[]) {
  const { median, interval } = medianWithInterval(
    ours.map((reply, round) => perEvaluation(theirs[round]) / perEvaluation(reply)),
  );
  return {
    nfe: ours[0].nfe,
    peerNfe: theirs[0].nfe,
    ratio: median,
    interval,
    ours: medianOf(ours.map(duration)),
    theirs: medianOf(theirs.map(duration)),
  };
}

function duration(reply: Reply): number {
  return medianOf(reply.milliseconds);
}

function perEvaluation(reply: Reply): number {
  return duration(reply) / reply.nfe;
}

function checkAgreement(ours: Engine, a: readonly Reply[], theirs: Engine, b: readonly Reply[]): void {
  a.forEach(({ norms }, round) => {
    for (const [name, value] of Object.entries(norms)) {
      const other = b[round].norms[name];
      if (other !== undefined && !(Math.abs(other - value) <= 1e-4 * Math.abs(value))) {
        throw new Error(
          `${ours.greeting.engine} and ${theirs.greeting.engine} do not compute the same, so their times say nothing: ` +
            `|${name}| is ${value} and ${other}`,
        );
      }
    }
  });
}
