import { mkdirSync, writeFileSync } from "node:fs";
import { ROOT } from "./root.js";

/** What was measured, as the file of `results/` that keeps it. */
export function keepResults<Kept>(name: string, kept: Kept): Kept {
  mkdirSync(`${ROOT}bench/results`, { recursive: true });
  writeFileSync(`${ROOT}bench/results/${name}.json`, `${JSON.stringify(kept, null, 1)}\n`);
  return kept;
}
