import { join } from "node:path";
import { writeFileAtomically } from "../data/atomic-file.js";
import type { Experiment } from "../experiments/experiment.js";
import type { ExperimentName } from "../experiments/experiments.js";
import { committedResults, ResultError, readRows } from "../experiments/result-files.js";
import type { ResultRow } from "../experiments/result-row.js";
import { plannedRuns, runTitle } from "../experiments/sweep-grid.js";
import { chartBundle } from "../report/chart.js";
import { comparisonTable } from "../report/comparison-table.js";
import type { NamedChart } from "../report/experiment-charts.js";
import { missingRuns, missingText, type WantedGrid } from "../report/missing-runs.js";
import { publishedComparison } from "../report/published-comparison.js";
import { resolvedTable } from "../report/resolved-table.js";
import { resultTable } from "../report/result-table.js";
import { tablesText } from "../report/table.js";
import { type GridChoices, gridOf, gridOptions } from "./grid-options.js";
import { parseOptions } from "./options.js";
import { experimentNamed, withUsageErrors } from "./run-config.js";

const options = {
  ...gridOptions,
  from: { type: "string" },
  chart: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** `glassbox report`: tables and charts of an experiment's rows, or the rows themselves as one JSON array. */
export async function reportCommand(args: string[]): Promise<void> {
  const { experiment: name, values } = parseOptions(args, options);
  const { from = committedResults, chart, json, ...choices } = values;
  const experiment = experimentNamed(name);
  const all = await readRows(experiment.name as ExperimentName, from);
  const chosen = withUsageErrors(() => chosenRows(experiment, all, choices));
  if (chosen.length === 0) {
    const which = all.length === 0 ? "" : ` among those that were asked for (${all.length} others)`;
    throw new ResultError(
      `no rows of ${experiment.name} in ${from}${which}; make them with: glassbox sweep ${experiment.name}`,
    );
  }
  if (json) {
    console.log(JSON.stringify(chosen));
    return;
  }
  const rows = chosen.filter((row) => isCurrent(experiment, row));
  console.log(reportText(experiment, rows, choices));
  if (rows.length < chosen.length) {
    const left = chosen.length - rows.length;
    console.log(`\n${left} rows of earlier definitions of their presets are left out; --json prints them`);
  }
  if (chart === undefined) return;
  // loads the solvers as well
  const { experimentCharts } = await import("../report/experiment-charts.js");
  await writeCharts(chart, experimentCharts(experiment.name as ExperimentName, rows));
}

/** The rows that agree with all that was said; what was not said may be anything. */
function chosenRows<Row extends ResultRow>(
  experiment: Experiment,
  rows: readonly Row[],
  choices: GridChoices,
): Row[] {
  const { methods, seeds, weights, epochs } = gridOf(experiment, choices);
  const { preset, target, precision } = choices;
  const agrees = <T>(wanted: T | undefined, found: T) => wanted === undefined || wanted === found;
  const hasWeight = ({ method, preset, weight }: Row): boolean => {
    if (!choices.weights || weight === 0) return true;
    const grid = { methods: [method], seeds: [1], weights, preset };
    return plannedRuns(experiment, grid).some(({ identity }) => identity.weight === weight);
  };
  return rows.filter(
    (row) =>
      methods.includes(row.method) &&
      (!choices.seeds || seeds.includes(row.seed)) &&
      agrees(preset, row.preset) &&
      agrees(target, row.target) &&
      agrees(precision, row.precision) &&
      agrees(epochs, row.epochs) &&
      hasWeight(row),
  );
}

/** Whether a row's hash is that of its run as it would be made now: if not, its preset meant something else then. */
function isCurrent(experiment: Experiment, row: ResultRow): boolean {
  const { method, preset, seed, epochs, target, precision } = row;
  const weight = row.weight > 0 ? row.weight : undefined;
  try {
    const run = { method, preset, seed, epochs, target, precision, weight };
    return experiment.identity(run).configuration === row.configuration;
  } catch {
    return false; // its method, preset or target is no more
  }
}

function reportText(experiment: Experiment, rows: readonly ResultRow[], choices: GridChoices): string {
  const { methods, seeds, weights } = gridOf(experiment, choices);
  const wanted: WantedGrid = {
    methods,
    seeds: choices.seeds === undefined ? undefined : seeds,
    weights,
  };
  const tables = [
    ...resultTable(rows),
    ...comparisonTable(rows),
    ...publishedComparison(rows),
    ...resolvedTable(rows),
  ];
  const missing = ["Missing", ...missingRuns(rows, wanted).map(missingText)];
  return [tablesText(tables), ...missing, ...incidentsText(rows)].join("\n\n");
}

/** The rows whose training had failures that it survived. */
function incidentsText(rows: readonly ResultRow[]): string[] {
  const survivors = rows.filter(({ incidents = [] }) => incidents.length > 0);
  if (survivors.length === 0) return [];
  const each = survivors.map((row) => `${runTitle(row)} (${row.preset}): ${row.incidents?.length}`);
  return ["Failed iterations that were skipped or retried", each.join("; ")];
}

/** @throws ResultError when a chart cannot be written. */
async function writeCharts(folder: string, charts: readonly NamedChart[]): Promise<void> {
  for (const { name, spec } of charts) {
    const { data } = await chartBundle(spec);
    const files = {
      [`${name}.vl.json`]: `${JSON.stringify(data["application/vnd.vegalite.v5+json"], null, 2)}\n`,
      [`${name}.png`]: Buffer.from(String(data["image/png"]), "base64"),
    };
    for (const [file, content] of Object.entries(files)) {
      const path = join(folder, file);
      await writeFileAtomically(path, content).catch((error: Error) => {
        throw new ResultError(`the chart could not be written to ${path}: ${error.message}`);
      });
    }
    console.error(`${join(folder, name)}.png`);
  }
}
