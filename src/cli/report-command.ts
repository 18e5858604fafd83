import { committedResults, ResultError, readRows } from "../experiments/result-files.js";
import { comparisonTable } from "../report/comparison-table.js";
import { resolvedTable } from "../report/resolved-table.js";
import { resultTable } from "../report/result-table.js";
import { tablesText } from "../report/table.js";
import { parseOptions } from "./options.js";

const options = {
  from: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** `glassbox report`: tables of an experiment's rows, or the rows themselves as one JSON array. */
export async function reportCommand(args: string[]): Promise<void> {
  const { from = committedResults, json } = parseOptions(args, options);
  const rows = await readRows("mnist-ode", from);
  if (rows.length === 0)
    throw new ResultError(`no rows of mnist-ode in ${from}; make one with: glassbox run mnist-ode`);
  if (json) {
    console.log(JSON.stringify(rows));
    return;
  }
  console.log(tablesText([...resultTable(rows), ...comparisonTable(rows), ...resolvedTable(rows)]));
}
