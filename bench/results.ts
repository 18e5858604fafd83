import { mkdirSync, writeFileSync } from "node:fs";
import { ROOT } from "./root.js";

/** What was measured, as the file of `results/` that keeps it: rows line by line, so that two versions can be compared. */
export function keepResults<Kept extends object>(name: string, kept: Kept): Kept {
  const rows = Array.isArray(kept) && `[\n${kept.map((row) => JSON.stringify(row)).join(",\n")}\n]`;
  mkdirSync(`${ROOT}bench/results`, { recursive: true });
  writeFileSync(`${ROOT}bench/results/${name}.json`, `${rows || JSON.stringify(kept)}\n`);
  return kept;
}
