import { mkdirSync, writeFileSync } from "node:fs";
import { startEngine } from "../engine.js";
import { startPeer } from "../participants.js";
import { ROOT } from "../root.js";
import { type Contestant, measurePrecision, type PrecisionOptions, type PrecisionRow } from "./measure.js";
import { participants } from "./participants.js";
import { readPrecisionProblems } from "./problems.js";

/**
 * Measures the named problems, one after the other.
 *
 * @throws Error when a library is missing or dies.
 */
export async function runPrecision(
  names: readonly string[],
  options: PrecisionOptions,
): Promise<PrecisionRow[]> {
  const problems = readPrecisionProblems(`${ROOT}tests/reference/ode-problems.json`);
  const file = `${ROOT}build/bench/work-precision.json`;
  mkdirSync(`${ROOT}build/bench`, { recursive: true });
  writeFileSync(file, JSON.stringify(problems));
  const contestants = await startAll(file);
  const rows: PrecisionRow[] = [];
  for (const problem of problems) {
    if (names.includes(problem.name)) rows.push(...(await measurePrecision(problem, contestants, options)));
  }
  await Promise.all(contestants.map(({ engine }) => engine.stop()));
  return rows;
}

async function startAll(file: string): Promise<Contestant[]> {
  const started: Contestant[] = [];
  for (const { script, methods } of participants) {
    const engine = script
      ? await startPeer(script, file)
      : await startEngine(process.execPath, [`${ROOT}build/bench/code/work-precision/engine.js`, file]);
    started.push({ engine, methods });
  }
  return started;
}
