import type { Engine, Greeting, Reply, Work } from "./engine.js";
import { type Measurements, WORKS } from "./interleave.js";
import type { Ours } from "./participants.js";
import { medianOf, medianWithInterval } from "./ratio.js";

/** One comparison. Ratios are times per field evaluation, theirs over ours: above 1, ours is faster. */
export interface Row {
  readonly problem: string;
  readonly work: Work;
  readonly peer: string;
  /** Where ours ran, and the version of the Node that ran it. */
  readonly target: string;
  readonly node: string;
  readonly nfe: number;
  readonly peerNfe: number;
  readonly ratio: number;
  /** Holds the median ratio with at least 95 % confidence. */
  readonly interval: readonly [low: number, high: number];
  /** Median milliseconds of one whole run. */
  readonly ours: number;
  readonly theirs: number;
  /** Median milliseconds of ours per step that was tried. */
  readonly oursPerStep: number;
  /** What it took each process to get to its first gradient. */
  readonly start: { readonly ours: Start; readonly theirs: Start };
}

type Start = Pick<Greeting, "seconds" | "megabytes">;

/** One of ours and another engine. */
export type Pair = readonly [ours: Ours, theirs: Engine];

/**
 * Compares each pair round by round, after making sure that both computed the same.
 *
 * @throws Error when the norms of a pair's results differ in their first four digits.
 */
export function compare(
  problem: string,
  pairs: readonly Pair[],
  measurements: ReadonlyMap<Engine, Measurements>,
): Row[] {
  const replies = (engine: Engine, work: Work) => measurements.get(engine)?.[work] ?? [];
  for (const work of WORKS) {
    for (const [ours, theirs] of pairs)
      checkAgreement(ours.engine, replies(ours.engine, work), theirs, replies(theirs, work));
  }
  return WORKS.flatMap((work) =>
    pairs.map(([{ engine, target, node }, theirs]) => ({
      problem,
      work,
      peer: theirs.greeting.engine,
      target,
      node,
      ...compareReplies(replies(engine, work), replies(theirs, work)),
      start: { ours: startOf(engine), theirs: startOf(theirs) },
    })),
  );
}

function compareReplies(ours: readonly Reply[], theirs: readonly Reply[]) {
  const { median, interval } = medianWithInterval(
    Array.from(
      { length: Math.min(ours.length, theirs.length) },
      (_, round) => perEvaluation(theirs[round]) / perEvaluation(ours[round]),
    ),
  );
  const milliseconds = medianOf(ours.map(duration));
  return {
    nfe: ours[0].nfe,
    peerNfe: theirs[0].nfe,
    ratio: median,
    interval,
    ours: milliseconds,
    oursPerStep: milliseconds / (ours[0].steps ?? 1),
    theirs: medianOf(theirs.map(duration)),
  };
}

function startOf({ greeting: { seconds, megabytes } }: Engine): Start {
  return { seconds, megabytes };
}

function duration(reply: Reply): number {
  return medianOf(reply.milliseconds);
}

function perEvaluation(reply: Reply): number {
  return duration(reply) / reply.nfe;
}

/** Greatest relative difference between two engines' norms: their rounding errors, not more. */
const AGREEMENT = 1e-4;

function checkAgreement(ours: Engine, a: readonly Reply[], theirs: Engine, b: readonly Reply[]): void {
  a.forEach(({ norms }, round) => {
    for (const [name, value] of Object.entries(norms)) {
      const other = b[round]?.norms[name];
      if (other !== undefined && !(Math.abs(other - value) <= AGREEMENT * Math.abs(value))) {
        throw new Error(
          `${ours.greeting.engine} and ${theirs.greeting.engine} do not compute the same, so their times say nothing: ` +
            `|${name}| is ${value} and ${other}`,
        );
      }
    }
  });
}
