import { type CompileOptions, compile } from "../compiler/compile.js";
import type { Graph } from "../compiler/graph/graph.js";
import { Random } from "../compiler/random.js";
import { sizeOf } from "../compiler/shape.js";

/** How long one call of a graph takes on one target. */
export interface CallTime {
  readonly target: string;
  readonly precision: string;
  /** What the caller varies: rows of the state, units of a layer. */
  readonly size: number;
  /** Median over the rounds so far. */
  readonly microseconds: number;
}

/** What is timed. */
export interface CallTimesOptions {
  /** The graph of a size, such as a number of rows. */
  readonly graph: (size: number) => Graph;
  readonly sizes: readonly number[];
  /** Targets and precisions that take turns. */
  readonly targets: readonly CompileOptions[];
  /** @defaultValue 5 */
  readonly rounds?: number;
  /**
   * Least time of one measurement in milliseconds; short calls are repeated to fill it.
   * @defaultValue 4
   */
  readonly least?: number;
  /**
   * Time in milliseconds that each program runs before it is measured first, so that just-in-time compilers have done
   * their work.
   * @defaultValue 100
   */
  readonly warmUp?: number;
  /** Stops between two measurements. */
  readonly signal?: AbortSignal;
  /** Called after each size of each round with all times so far. */
  readonly onProgress?: (times: readonly CallTime[]) => void | Promise<void>;
  /**
   * A clock in milliseconds, for tests.
   * @defaultValue `performance.now`
   */
  readonly now?: () => number;
}

/** A compiled graph with arrays in place, and what was measured of it. */
interface Contestant {
  readonly target: string;
  readonly precision: string;
  readonly size: number;
  call(): void;
  dispose(): void;
  repetitions: number;
  readonly measured: number[];
}

/**
 * Times calls of a graph on several targets and sizes. Arrays stay where the target keeps them, as in a solver's
 * loop. The targets take turns in every round, so that a slow moment of the machine slows all of them.
 */
export async function callTimes(options: CallTimesOptions): Promise<CallTime[]> {
  const { graph, sizes, targets, rounds = 5, least = 4, warmUp = 100 } = options;
  const { signal, onProgress, now = () => performance.now() } = options;
  const contestants = sizes.map((size) => {
    const traced = graph(size);
    return targets.map((target) => contestant(traced, target, size));
  });
  const times = (): CallTime[] =>
    contestants.flat().flatMap(({ target, precision, size, measured }) => {
      return measured.length === 0 ? [] : [{ target, precision, size, microseconds: median(measured) }];
    });
  try {
    for (let round = 0; round < rounds; round++) {
      for (const group of contestants) {
        for (const one of group) {
          signal?.throwIfAborted();
          if (round === 0) repeat(one, warmUp, now);
          one.measured.push(timePerCall(one, least, now));
        }
        await onProgress?.(times());
      }
    }
    return times();
  } finally {
    for (const one of contestants.flat()) one.dispose();
  }
}

function contestant(graph: Graph, options: CompileOptions, size: number): Contestant {
  const { target, program, dispose } = compile(graph, options);
  const random = new Random(size);
  const values = graph.inputs.map(({ shape }) =>
    target.put({ shape, data: Float64Array.from({ length: sizeOf(shape) }, () => random.normal()) }),
  );
  const scalars = Float64Array.from(graph.scalars, () => random.normal());
  const readout = new Float64Array(Object.keys(graph.readouts).length);
  return {
    target: target.name,
    precision: target.precision,
    size,
    call: () => {
      for (const result of program.run(values, scalars, readout)) target.free(result);
    },
    dispose: () => {
      for (const value of values) target.free(value);
      dispose();
    },
    repetitions: 1,
    measured: [],
  };
}

function repeat(one: Contestant, milliseconds: number, now: () => number): void {
  const end = now() + milliseconds;
  while (now() < end) one.call();
}

/** Microseconds, from so many calls that they take the least time; their number is remembered for the next round. */
function timePerCall(one: Contestant, least: number, now: () => number): number {
  for (;;) {
    const start = now();
    for (let i = 0; i < one.repetitions; i++) one.call();
    const elapsed = now() - start;
    if (elapsed >= least) return (1000 * elapsed) / one.repetitions;
    one.repetitions *= 2;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
