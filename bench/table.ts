import type { Row } from "./comparison.js";

const COLUMNS: Readonly<Record<string, (row: Row) => string>> = {
  work: (row) => row.work,
  against: (row) => row.peer,
  "ratio per evaluation": (row) => row.ratio.toFixed(2),
  "95 % interval": (row) => row.interval.map((bound) => bound.toFixed(2)).join(" to "),
  "ours, ms": (row) => row.ours.toFixed(1),
  "theirs, ms": (row) => row.theirs.toFixed(1),
  "ratio, whole run": (row) => (row.peerNfe === 1 ? "" : (row.theirs / row.ours).toFixed(2)),
  "evaluations, ours / theirs": (row) => `${row.nfe} / ${row.peerNfe}`,
};

/** The rows as a Markdown table with aligned columns. */
export function markdownTable(rows: readonly Row[]): string {
  const cells = [Object.keys(COLUMNS), ...rows.map((row) => Object.values(COLUMNS).map((text) => text(row)))];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const lines = cells.map(
    (line) => `| ${line.map((text, column) => text.padEnd(widths[column])).join(" | ")} |`,
  );
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}
