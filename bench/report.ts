import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./comparison.js";
import { comparisonTables } from "./comparison-tables.js";
import { type ContestOptions, measure } from "./contest.js";
import { machine } from "./machine.js";
import { keepResults, withKeptRows } from "./results.js";
import { ROOT } from "./root.js";
import { startTable } from "./start-table.js";
import { withSection } from "./written-section.js";

/** How a report measures; it says itself what. */
export type ReportOptions = Omit<ContestOptions, "command" | "penalty">;

/** Measures problems, keeps the rows in `results/` beside those of others, and writes the tables of README.md anew. */
export async function report(problems: readonly string[], options: ReportOptions): Promise<void> {
  const before = machine(options.threads);
  const all = async (how: Pick<ContestOptions, "command" | "penalty">): Promise<Row[]> => {
    const rows: Row[] = [];
    for (const problem of problems) rows.push(...(await measure(problem, { ...options, ...how })));
    return rows;
  };
  const kept = async (name: string, how: Pick<ContestOptions, "command" | "penalty">): Promise<Row[]> =>
    keepResults(name, withKeptRows(name, problems, await all(how)));
  const solve = await kept("solve", { command: "solve", penalty: false });
  const step = await kept("step", { command: "step", penalty: false });
  const penalty = await kept("penalty", { command: "solve", penalty: true });
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
  const path = `${ROOT}bench/README.md`;
  writeFileSync(path, withSection(readFileSync(path, "utf8"), "report", text));
}
