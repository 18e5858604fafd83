import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Row } from "./comparison.js";
import { comparisonTables } from "./comparison-tables.js";
import { type ContestOptions, measure } from "./contest.js";
import { machine } from "./machine.js";
import { startTable } from "./start-table.js";
import { withSection } from "./written-section.js";

/** How a report measures; it says itself what. */
export type ReportOptions = Omit<ContestOptions, "command" | "penalty">;

const FOLDER = fileURLToPath(new URL("../../../bench/", import.meta.url)); // this file runs as build/bench/code/report.js

/** Measures everything, keeps the rows in `results/`, and writes the tables of README.md anew. */
export async function report(problems: readonly string[], options: ReportOptions): Promise<void> {
  const before = machine(options.threads);
  const all = async (how: Pick<ContestOptions, "command" | "penalty">): Promise<Row[]> => {
    const rows: Row[] = [];
    for (const problem of problems) rows.push(...(await measure(problem, { ...options, ...how })));
    return rows;
  };
  const solve = keep("solve", await all({ command: "solve", penalty: false }));
  const step = keep("step", await all({ command: "step", penalty: false }));
  const penalty = keep("penalty", await all({ command: "solve", penalty: true }));
  const text = [
    `${before}, ${options.rounds} rounds.`,
    "### A whole solve",
    comparisonTables(solve, true),
    "### One step",
    comparisonTables(step, false),
    "### With a penalty on the error estimate",
    comparisonTables(penalty, false),
    "### To the first gradient",
    startTable(solve),
  ].join("\n\n");
  const path = `${FOLDER}README.md`;
  writeFileSync(path, withSection(readFileSync(path, "utf8"), text));
}

/** Rows of one command, as the file that keeps them. */
function keep(name: string, rows: readonly Row[]): readonly Row[] {
  mkdirSync(`${FOLDER}results`, { recursive: true });
  writeFileSync(`${FOLDER}results/${name}.json`, `${JSON.stringify(rows, null, 1)}\n`);
  return rows;
}
