import { grouped, placeOf, ratioDigits } from "./comparison-tables.js";
import type { RegularizerRow } from "./regularizers.js";
import { markdownTable, timeText } from "./table.js";

/** A Markdown table for each place where ours ran: a line for each method with its cost in units of vanilla's. */
export function regularizerTables(rows: readonly RegularizerRow[]): string {
  return grouped(rows, placeOf)
    .map((ofPlace) => `**${placeOf(ofPlace[0])}**\n\n${regularizerTable(ofPlace)}`)
    .join("\n\n");
}

function regularizerTable(rows: readonly RegularizerRow[]): string {
  const [forward, gradient] = (["forward", "gradient"] as const).map((wanted) =>
    rows.filter(({ work }) => work === wanted),
  );
  const vanilla = ["vanilla", `${gradient[0].peerNfe}`, timeText(forward[0].theirs), "1"];
  const lines = gradient.map((row) => {
    const other = forward.find(({ method }) => method === row.method) ?? row;
    return [
      row.method,
      `${row.nfe}`,
      timeText(other.ours),
      costText(other),
      timeText(row.ours),
      costText(row),
    ];
  });
  return markdownTable([
    ["method", "evaluations", "forward", "over vanilla", "with gradient", "over vanilla"],
    [...vanilla, timeText(gradient[0].theirs), "1"],
    ...lines,
  ]);
}

/** Time per evaluation over that of vanilla: the ratio's inverse. */
function costText({ ratio, interval: [low, high] }: RegularizerRow): string {
  return `**${ratioDigits(1 / ratio)}** (${ratioDigits(1 / high)} to ${ratioDigits(1 / low)})`;
}
