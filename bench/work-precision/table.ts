import { markdownTable, timeText } from "../table.js";
import { costAt } from "./cost.js";
import type { PrecisionRow } from "./measure.js";
import { choices } from "./problems.js";

/** A line for each method, a column for each problem: what an error costs there; "-" where it was not reached. */
export function precisionTable(rows: readonly PrecisionRow[], error: number): string {
  const problems = [...new Set(rows.map(({ problem }) => problem))];
  const lines = byMethod(rows).map((ofMethod) => [
    ofMethod[0].engine,
    ofMethod[0].method,
    ...problems.map((name) =>
      costText(
        error,
        ofMethod.filter(({ problem }) => problem === name),
      ),
    ),
  ]);
  return markdownTable([["engine", "method", ...problems.map((name) => choices[name].title)], ...lines]);
}

/** Evaluations and time; nothing where the method was not tried. */
function costText(wanted: number, rows: readonly PrecisionRow[]): string {
  if (rows.length === 0) return "";
  const cost = (of: "nfe" | "milliseconds") =>
    costAt(
      wanted,
      rows.map((row) => ({ error: row.error, cost: row[of] })),
    );
  const [evaluations, milliseconds] = [cost("nfe"), cost("milliseconds")];
  if (evaluations === undefined || milliseconds === undefined) return "-";
  // nothing is known of looser tolerances, which may do as well
  const bound = rows[0].error <= wanted ? "≤ " : "";
  return `${bound}${Math.round(evaluations)}, ${timeText(milliseconds)}`;
}

/** Rows in groups of the same engine and method, in the order in which they come. */
function byMethod(rows: readonly PrecisionRow[]): PrecisionRow[][] {
  const groups = new Map<string, PrecisionRow[]>();
  for (const row of rows) {
    const key = `${row.engine} ${row.method}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}
