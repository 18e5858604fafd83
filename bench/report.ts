import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./comparison.js";
import { comparisonTables } from "./comparison-tables.js";
import { type MeasureOptions, measureAll } from "./contest.js";
import { machine } from "./machine.js";
import type { Command } from "./participants.js";
import { regularizerTables } from "./regularizer-tables.js";
import type { RegularizerRow } from "./regularizers.js";
import { keepResults, withKeptRows } from "./results.js";
import { ROOT } from "./root.js";
import { startTable } from "./start-table.js";
import { withSection } from "./written-section.js";

/** Measures solves and steps, keeps the rows in `results/` beside those of other problems, and writes the tables anew. */
export async function report(problems: readonly string[], options: MeasureOptions): Promise<void> {
  const heading = `${machine(options.threads)}, ${options.rounds} rounds.`;
  const kept = async (command: Command): Promise<Row[]> => {
    const rows = await measureAll(problems, { ...options, command, penalty: false });
    return keepResults(command, withKeptRows(command, problems, rows));
  };
  const solve = await kept("solve");
  writePage("solve", "report", [
    heading,
    comparisonTables(solve, true),
    "## To the first gradient",
    startTable(solve),
  ]);
  const step = await kept("step");
  writePage("step", "report", [heading, comparisonTables(step, false)]);
}

/** Keeps the rows about regularizers in `results/`, and writes their tables anew. */
export function reportRegularizers(
  methods: readonly RegularizerRow[],
  penalty: readonly Row[],
  heading: string,
): void {
  keepResults("regularizers", methods);
  keepResults("penalty", penalty);
  writePage("regularizers", "regularizers", [regularizersText(methods, penalty, heading)]);
}

/** The tables about regularizers. */
export function regularizersText(
  methods: readonly RegularizerRow[],
  penalty: readonly Row[],
  heading: string,
): string {
  const parts = [heading];
  if (methods.length > 0) parts.push("## An iteration of training", regularizerTables(methods));
  if (penalty.length > 0) parts.push("## The error penalty", comparisonTables(penalty, false));
  return parts.join("\n\n");
}

/** Writes the section of a page of this folder that a command writes. */
export function writePage(page: string, command: string, parts: readonly string[]): void {
  const path = `${ROOT}bench/${page}.md`;
  writeFileSync(path, withSection(readFileSync(path, "utf8"), command, parts.join("\n\n")));
}
