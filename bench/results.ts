import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./comparison.js";
import { PROBLEMS } from "./problems.js";
import { ROOT } from "./root.js";

const fileOf = (name: string): string => `${ROOT}bench/results/${name}.json`;

/** What was measured, as the file of `results/` that keeps it: rows line by line, so that two versions can be compared. */
export function keepResults<Kept extends object>(name: string, kept: Kept): Kept {
  const rows = Array.isArray(kept) && `[\n${kept.map((row) => JSON.stringify(row)).join(",\n")}\n]`;
  mkdirSync(`${ROOT}bench/results`, { recursive: true });
  writeFileSync(fileOf(name), `${rows || JSON.stringify(kept)}\n`);
  return kept;
}

/** Rows that were measured, with those kept before of the problems that were not; in the order of the problems. */
export function withKeptRows(name: string, problems: readonly string[], measured: readonly Row[]): Row[] {
  const before: Row[] = existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), "utf8")) : [];
  const all = [...before.filter(({ problem }) => !problems.includes(problem)), ...measured];
  return Object.keys(PROBLEMS).flatMap((problem) => all.filter((row) => row.problem === problem));
}
