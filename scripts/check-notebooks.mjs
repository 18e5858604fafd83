// Reads the notebooks' code cells without running them: the kernel's pitfalls, and a strict type check.
// usage: node scripts/check-notebooks.mjs [NOTEBOOK ...]     (default: all of notebooks/)

import { listNotebooks, readCells } from "./notebooks/cells.mjs";
import { lintCells } from "./notebooks/lint.mjs";
import { typeCheckCells } from "./notebooks/type-check.mjs";

const named = process.argv.slice(2);
const notebooks = named.length > 0 ? named : listNotebooks();

let found = 0;
for (const notebook of notebooks) {
  const cells = readCells(notebook);
  for (const { cell, line, column, message } of [...lintCells(cells), ...typeCheckCells(cells, notebook)]) {
    found++;
    console.log(`${notebook} cell ${cell} ${line}:${column} ${message}`);
  }
}
console.log(`${notebooks.length} notebooks read, ${found} faults found`);
process.exit(found > 0 ? 1 : 0);
