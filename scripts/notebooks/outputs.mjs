// What does not belong into a notebook's committed outputs.

import { homedir } from "node:os";
import { root } from "../setup/commands.mjs";

/**
 * @typedef {{ output_type: string, name?: string, text?: string | string[], data?: Record<string, unknown> }} Output
 * @typedef {{ cell_type: string, execution_count?: number | null, metadata: object, outputs?: Output[] }} NotebookCell
 * @typedef {{ cells: NotebookCell[], metadata: { kernelspec?: { name: string } } }} Notebook
 */

/**
 * Faults of a notebook as a file: another kernel, timings, outputs that a reader should not meet.
 *
 * @param {Notebook} notebook
 * @returns {{ cell: number, message: string }[]}
 */
export function findOutputFaults(notebook) {
  const kernel = notebook.metadata.kernelspec?.name;
  const faults = notebook.cells.flatMap((cell, index) =>
    faultsOfCell(cell).map((message) => ({ cell: index, message })),
  );
  if (kernel !== "tslab")
    faults.unshift({ cell: 0, message: `the notebook's kernel is ${kernel}, not tslab` });
  return [...faults, ...faultsOfCounts(notebook.cells)];
}

/**
 * @param {NotebookCell} cell
 * @returns {string[]}
 */
function faultsOfCell({ metadata, outputs = [] }) {
  const text = JSON.stringify(outputs);
  const faults = [];
  if ("execution" in metadata) faults.push("holds timings: save it by npm run notebooks -- --save");
  if (outputs.some(({ name }) => name === "stderr")) faults.push("has output on stderr");
  for (const folder of [root, homedir()])
    if (folder.length > 1 && text.includes(JSON.stringify(`${folder}/`).slice(1, -1)))
      faults.push(`its output names a folder of this machine, ${folder}`);
  return faults;
}

/**
 * Cells are either all without a count, or numbered from 1 as in one run of the whole.
 *
 * @param {readonly NotebookCell[]} cells
 */
function faultsOfCounts(cells) {
  const counted = cells.flatMap(({ cell_type, execution_count = null }, cell) =>
    cell_type === "code" ? [{ cell, count: execution_count }] : [],
  );
  if (counted.every(({ count }) => count === null)) return [];
  const wrong = counted.findIndex(({ count }, i) => count !== i + 1);
  if (wrong === -1) return [];
  const { cell, count } = counted[wrong];
  return [{ cell, message: `has the count ${count}, not ${wrong + 1}: run the notebook as a whole` }];
}
