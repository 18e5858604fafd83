import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, Reply, Work } from "./engine.js";

/** Everything measured of one engine: one reply per round for each work. */
export type Measurements = Readonly<Record<Work, readonly Reply[]>>;

/** How to take turns. */
export interface Turns {
  readonly rounds: number;
  readonly firstStep: number | null;
  /** Timed runs each time an engine has its turn. */
  readonly repetitions: number;
  /** Milliseconds of quiet before each turn, so that the last engine's waiting threads have gone to sleep. */
  readonly pause: number;
  /** What is measured. @defaultValue both works */
  readonly works?: readonly Work[];
  /** When an engine is excused. @defaultValue after seven rounds with runs of a second or more */
  readonly excuse?: Excuse;
  /** Whether a round before the first does not count. @defaultValue true */
  readonly warmUp?: boolean;
  readonly onRound?: (round: number) => void;
}

/** An engine that takes so many milliseconds for one run is excused from the rounds after the first so many. */
interface Excuse {
  readonly milliseconds: number;
  readonly rounds: number;
}

const slowWork: Excuse = { milliseconds: 1000, rounds: 7 };

/** What is measured, in the order of measuring and reporting. */
export const WORKS: readonly Work[] = ["forward", "gradient"];

/**
 * Lets all engines take turns: in every round each does each work once, so that a slow minute of the machine slows
 * all of them. Each round starts with another engine, so that none is always the first. A round before the first does
 * not count: in it, just-in-time compilers learn what is hot, and engines how often to repeat a short run.
 */
export async function interleave(
  engines: readonly Engine[],
  turns: Turns,
): Promise<ReadonlyMap<Engine, Measurements>> {
  const { rounds, firstStep, repetitions, pause, onRound } = turns;
  const { works = WORKS, excuse = slowWork, warmUp = true } = turns;
  const replies = new Map(
    engines.map((engine) => [engine, { forward: [] as Reply[], gradient: [] as Reply[] }]),
  );
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    const start = Math.max(0, round) % engines.length;
    for (const work of works) {
      for (const engine of [...engines.slice(start), ...engines.slice(0, start)]) {
        const known = replies.get(engine)?.[work] ?? [];
        if (round >= excuse.rounds && isLong(known, excuse)) continue;
        if (pause > 0) await sleep(pause);
        const reply = await engine.ask({ work, firstStep, repetitions });
        if (round >= 0) known.push(reply);
      }
    }
    if (round >= 0) onRound?.(round);
  }
  return replies;
}

function isLong(replies: readonly Reply[], excuse: Excuse): boolean {
  return replies[replies.length - 1].milliseconds.some((milliseconds) => milliseconds > excuse.milliseconds);
}
