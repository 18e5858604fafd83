import { mkdirSync, writeFileSync } from "node:fs";
import { chartBundle } from "glassbox";
import { writePage } from "../report.js";
import { keepResults } from "../results.js";
import { ROOT } from "../root.js";
import { precisionChart } from "./chart.js";
import type { PrecisionRow } from "./measure.js";
import { precisionTable } from "./table.js";

/** The errors whose cost the tables tell. */
const errors = [1e-4, 1e-8];

/** Keeps the rows and their chart in `results/`, draws it for `docs/`, and writes the tables anew. */
export async function reportPrecision(rows: readonly PrecisionRow[], heading: string): Promise<void> {
  keepResults("work-precision", rows);
  const chart = precisionChart(rows);
  keepResults("work-precision.vl", chart);
  const { data } = await chartBundle(chart);
  mkdirSync(`${ROOT}docs`, { recursive: true });
  writeFileSync(`${ROOT}docs/work-precision.png`, Buffer.from(String(data["image/png"]), "base64"));
  writePage("work-precision", "work-precision", [`${heading}.`, precisionTables(rows)]);
}

/** What each of the errors costs. */
export function precisionTables(rows: readonly PrecisionRow[]): string {
  return errors
    .map((error) => `To an error of ${error.toExponential()}:\n\n${precisionTable(rows, error)}`)
    .join("\n\n");
}
