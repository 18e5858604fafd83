/** Lines of cells, the first of them the heading, as a Markdown table with aligned columns. */
export function markdownTable(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const [heading, ...rest] = lines.map(
    (line) => `| ${line.map((text, column) => text.padEnd(widths[column])).join(" | ")} |`,
  );
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [heading, rule, ...rest].join("\n");
}

/** Three digits of a time, with a unit that fits. */
export function timeText(milliseconds: number): string {
  if (milliseconds < 1) return `${Number((1000 * milliseconds).toPrecision(3))} µs`;
  if (milliseconds < 1000) return `${Number(milliseconds.toPrecision(3))} ms`;
  return `${Number((milliseconds / 1000).toPrecision(3))} s`;
}
