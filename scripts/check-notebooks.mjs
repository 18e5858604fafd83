// Reads the notebooks without running them: the kernel's pitfalls, a strict type check, and what outputs may not hold.
// usage: node scripts/check-notebooks.mjs [NOTEBOOK ...]     (default: all of notebooks/)

import { listNotebooks, readCells, readNotebook } from "./notebooks/cells.mjs";
import { lintCells } from "./notebooks/lint.mjs";
import { findOutputFaults } from "./notebooks/outputs.mjs";
import { typeCheckCells } from "./notebooks/type-check.mjs";

const named = process.argv.slice(2);
const notebooks = named.length > 0 ? named : listNotebooks();

let found = 0;
for (const notebook of notebooks) {
  const cells = readCells(notebook);
  for (const { cell, line, column, message } of [...lintCells(cells), ...typeCheckCells(cells, notebook)])
    tell(notebook, `cell ${cell} ${line}:${column} ${message}`);
  for (const { cell, message } of findOutputFaults(readNotebook(notebook)))
    tell(notebook, `cell ${cell} ${message}`);
}
console.log(`${notebooks.length} notebooks read, ${found} faults found`);
process.exit(found > 0 ? 1 : 0);

/**
 * @param {string} notebook
 * @param {string} fault
 */
function tell(notebook, fault) {
  found++;
  console.log(`${notebook} ${fault}`);
}
