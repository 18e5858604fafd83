import { asked, type Engine, type Reply } from "../engine.js";
import { interleave } from "../interleave.js";
import { medianOf } from "../ratio.js";
import type { Participant } from "./participants.js";
import type { MethodKind, PrecisionProblem } from "./problems.js";

/** What one solve achieved, and what it cost. */
export interface PrecisionRow {
  readonly problem: string;
  readonly engine: string;
  readonly method: string;
  readonly kind: MethodKind;
  /** Relative tolerance that was asked for. */
  readonly tolerance: number;
  /** Greatest |error| / (1 + |value|) of a component at the end. */
  readonly error: number;
  /** Evaluations of the field; a Jacobian that does not consist of evaluations counts as one for each of its columns. */
  readonly nfe: number;
  /** Median over the rounds. */
  readonly milliseconds: number;
}

/** A library that was started. */
export interface Contestant {
  readonly engine: Engine;
  readonly methods: Participant["methods"];
}

/** How to measure. */
export interface PrecisionOptions {
  readonly rounds: number;
  readonly onProgress: (line: string) => void;
}

/** One solve that is measured, as an engine of its own. */
interface Point {
  readonly engine: Engine;
  readonly row: Omit<PrecisionRow, "milliseconds">;
}

const tolerances = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10];

/** A method that takes so many milliseconds is not asked for tighter tolerances. */
const longest = 2000;

/** All solves of a problem: those that came to the end, timed in turns. */
export async function measurePrecision(
  problem: PrecisionProblem,
  contestants: readonly Contestant[],
  { rounds, onProgress }: PrecisionOptions,
): Promise<PrecisionRow[]> {
  const points: Point[] = [];
  for (const { engine, methods } of contestants) {
    onProgress(`${problem.name}: ${engine.greeting.engine}`);
    for (const kind of problem.kinds) {
      for (const method of methods[kind]) points.push(...(await pointsOf(problem, engine, kind, method)));
    }
  }
  onProgress(`${problem.name}: ${rounds} rounds of ${points.length} solves`);
  const measurements = await interleave(
    points.map(({ engine }) => engine),
    {
      rounds,
      firstStep: null,
      repetitions: 1,
      pause: 0,
      works: ["forward"],
      warmUp: false, // each solve has been asked for once
      excuse: { milliseconds: 200, rounds: 2 },
    },
  );
  return points.map(({ engine, row }) => ({
    ...row,
    milliseconds: medianOf((measurements.get(engine)?.forward ?? []).map(duration)),
  }));
}

/** The solves of one method, from the loosest tolerance to the tightest that it comes to the end with in time. */
async function pointsOf(
  problem: PrecisionProblem,
  library: Engine,
  kind: MethodKind,
  method: string,
): Promise<Point[]> {
  const points: Point[] = [];
  for (const tolerance of tolerances) {
    const engine = asked(library, { problem: problem.name, method, tolerance }, { method });
    const reply = await engine.ask({ work: "forward", firstStep: null, repetitions: 1 });
    if (!reply.y1) continue;
    const error = scaledError(reply.y1, problem.y1);
    const name = library.greeting.engine;
    points.push({
      engine,
      row: { problem: problem.name, engine: name, method, kind, tolerance, error, nfe: reply.nfe },
    });
    if (duration(reply) > longest) break;
  }
  return points;
}

/** The greatest |error| / (1 + |value|): absolute where a component is small, relative where it is large. */
export function scaledError(found: readonly number[], wanted: readonly number[]): number {
  return Math.max(...found.map((value, i) => Math.abs(value - wanted[i]) / (1 + Math.abs(wanted[i]))));
}

function duration(reply: Reply): number {
  return medianOf(reply.milliseconds);
}
