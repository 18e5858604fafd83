import { compare, type Pair, type Row } from "./comparison.js";
import { asked, type Engine } from "./engine.js";
import { interleave } from "./interleave.js";
import { type Command, type Ours, problemFolder, startOurs, startPeer, startPeers } from "./participants.js";
import { writeProblem } from "./problem-files.js";
import { PROBLEMS, type TargetName } from "./problems.js";

/** What to measure, for one problem after the other. */
export interface ContestOptions {
  readonly command: Command;
  /** Targets of ours; those that do not suit a problem are left out there. */
  readonly targets: readonly TargetName[];
  /** Node binaries that ours runs on. */
  readonly nodes: readonly string[];
  /** Whether to run wasm with vectors of 256 bits, too, where the engine has them. */
  readonly wide: boolean;
  readonly threads: number;
  readonly rounds: number;
  /** With a penalty on the error estimate: ours against ours without, and against the way to have one in diffrax. */
  readonly penalty: boolean;
  readonly onProgress: (line: string) => void;
}

/** How a command measures, whatever it is. */
export type MeasureOptions = Omit<ContestOptions, "command" | "penalty">;

/** Who takes turns, and who is compared with whom. */
interface Contest {
  readonly engines: readonly Engine[];
  readonly pairs: readonly Pair[];
}

const METHOD = "tsit5";

/**
 * Measures both works of one problem, all engines in turns.
 *
 * @throws Error when an engine is missing, dies, or does not compute the same as the others.
 */
async function measure(problemName: string, options: ContestOptions): Promise<Row[]> {
  const { command, targets, nodes, wide, threads, rounds, onProgress } = options;
  const problem = PROBLEMS[problemName];
  if (problem.saveAt && (command === "step" || options.penalty)) return [];
  const folder = problemFolder(problemName);
  writeProblem(folder, problem, threads);
  onProgress(`${command} ${problemName}: compiling`);
  const suited = targets.filter((target) => problem.targets.includes(target));
  if (suited.length === 0) return [];
  const ours = await startOurs(command, folder, { targets: suited, nodes, wide });
  const { engines, pairs } = options.penalty
    ? await againstPenalty(ours, folder)
    : await againstPeers(ours, problemName, folder, options);
  for (const { greeting } of engines) onProgress(`ready: ${greeting.engine}, ${greeting.method}`);

  const firstStep = command === "solve" ? await chooseFirstStep(engines[0]) : null;
  const onRound = (round: number) => onProgress(`${command} ${problemName}: round ${round + 1} of ${rounds}`);
  const measurements = await interleave(engines, { rounds, firstStep, repetitions: 3, pause: 150, onRound });
  await Promise.all(engines.map((engine) => engine.stop()));
  return compare(problemName, pairs, measurements);
}

/** {@link measure} for several problems, one after the other. */
export async function measureAll(problems: readonly string[], options: ContestOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const problem of problems) rows.push(...(await measure(problem, options)));
  return rows;
}

async function againstPeers(
  ours: readonly Ours[],
  problem: string,
  folder: string,
  { command, onProgress }: ContestOptions,
): Promise<Contest> {
  const hasProducts = (PROBLEMS[problem].batch ?? 1) > 1;
  const peers = await startPeers(command, folder, hasProducts, onProgress);
  const pairs = ours.flatMap((one) => pairsOf(one, peers));
  const engines = [...ours.map(({ engine }) => engine), ...pairs.map(([{ engine }]) => engine), ...peers];
  return { engines: [...new Set(engines)], pairs };
}

/** A peer without tsit5 runs another method, so it is compared with ours by that method. */
function pairsOf(ours: Ours, peers: readonly Engine[]): Pair[] {
  const byMethod = new Map([[METHOD, ours]]);
  return peers.map((peer) => {
    const { method } = peer.greeting;
    const alike = byMethod.get(method) ?? { ...ours, engine: asked(ours.engine, { method }, { method }) };
    byMethod.set(method, alike);
    return [alike, peer];
  });
}

async function againstPenalty(ours: readonly Ours[], folder: string): Promise<Contest> {
  const theirs = await startPeer("diffrax_penalty", folder);
  const theirsPlain = await startPeer("diffrax_solve", folder);
  const without = { engine: "without the penalty" };
  const pairs = ours.flatMap((one): Pair[] => {
    const penalised = { ...one, engine: asked(one.engine, { penalty: true }, {}) };
    return [
      [penalised, asked(one.engine, {}, without)],
      [penalised, theirs],
    ];
  });
  pairs.push([{ engine: theirs, target: theirs.greeting.engine, node: "" }, asked(theirsPlain, {}, without)]);
  return { engines: [...new Set(pairs.flatMap(([{ engine }, other]) => [engine, other]))], pairs };
}

/** The first step our solver chooses; given to every engine, it makes all of them do the same steps. */
async function chooseFirstStep(ours: Engine): Promise<number> {
  const { firstStep } = await ours.ask({ work: "forward", firstStep: null, repetitions: 1 });
  if (firstStep === undefined)
    throw new Error(`${ours.greeting.engine} did not say which first step it chose`);
  return firstStep;
}
