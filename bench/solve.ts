import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compare, type Pair, type Row } from "./comparison.js";
import { type Engine, startEngine } from "./engine.js";
import { interleave } from "./interleave.js";
import { PROBLEMS, writeProblem } from "./problem.js";

/** What to measure. */
export interface SolveOptions {
  /** A name of {@link PROBLEMS}. */
  readonly problem: string;
  readonly target: string;
  readonly threads: number;
  readonly rounds: number;
  /** Instead of the peers: ours with a penalty on the error estimate against ours without. */
  readonly penalty: boolean;
  readonly onProgress: (line: string) => void;
}

/** Who takes turns, our own tsit5 first, and who is compared with whom. */
interface Contest {
  readonly engines: readonly Engine[];
  readonly pairs: readonly Pair[];
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url)); // this file runs as build/bench/code/solve.js
const METHOD = "tsit5";

/**
 * Measures forward solve and gradient of one problem, all engines in turns.
 *
 * @throws Error when an engine is missing, dies, or does not compute the same as the others.
 */
export async function measureSolve(options: SolveOptions): Promise<Row[]> {
  const { problem, target, threads, rounds, penalty, onProgress } = options;
  const folder = `${ROOT}build/bench/${problem}`;
  writeProblem(folder, PROBLEMS[problem], threads);
  onProgress("compiling");
  const { engines, pairs } = await (penalty ? penaltyContest : peersContest)(folder, target);
  for (const { greeting } of engines) onProgress(`ready: ${greeting.engine}, ${greeting.method}`);

  const firstStep = await chooseFirstStep(engines[0]);
  const onRound = (round: number) => onProgress(`round ${round + 1} of ${rounds}`);
  const measurements = await interleave(engines, { rounds, firstStep, repetitions: 3, pause: 150, onRound });
  await Promise.all(engines.map((engine) => engine.stop()));
  return compare(problem, target, pairs, measurements);
}

async function peersContest(folder: string, target: string): Promise<Contest> {
  const ours = await startOurs(folder, METHOD, target);
  const diffrax = await startPeer("diffrax_ode", folder);
  const torchdiffeq = await startPeer("torchdiffeq_ode", folder);
  const limit = await startPeer("gemm_limit", folder);
  // A torchdiffeq without tsit5 ran another method, so it is compared with ours by that method.
  const { method } = torchdiffeq.greeting;
  const oursLikeTorch = method === METHOD ? ours : await startOurs(folder, method, target);
  return {
    engines: [...new Set([ours, diffrax, torchdiffeq, oursLikeTorch, limit])],
    pairs: [
      [ours, diffrax],
      [oursLikeTorch, torchdiffeq],
      [ours, limit],
    ],
  };
}

async function penaltyContest(folder: string, target: string): Promise<Contest> {
  const without = await startOurs(folder, METHOD, target);
  const withPenalty = await startOurs(folder, METHOD, target, "penalty");
  return { engines: [without, withPenalty], pairs: [[withPenalty, without]] };
}

function startPeer(script: string, folder: string): Promise<Engine> {
  const python = `${ROOT}.venv-bench/bin/python`;
  if (!existsSync(python)) throw new Error("the peers are not installed: run `npm run bench:setup` first");
  return startEngine(python, ["-B", `${ROOT}bench/peers/${script}.py`, folder, METHOD]);
}

function startOurs(folder: string, ...rest: readonly string[]): Promise<Engine> {
  return startEngine(process.execPath, [`${ROOT}build/bench/code/glassbox-engine.js`, folder, ...rest]);
}

/** The first step our solver chooses; given to every engine, it makes all of them do the same steps. */
async function chooseFirstStep(ours: Engine): Promise<number> {
  const { firstStep } = await ours.ask({ work: "forward", firstStep: null, repetitions: 1 });
  if (firstStep === undefined)
    throw new Error(`${ours.greeting.engine} did not say which first step it chose`);
  return firstStep;
}
