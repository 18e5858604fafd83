// Executes notebooks whole, through the tslab kernel, into build/notebooks/ or, with --save, in place.
// usage: npm run notebooks -- [--save] [-j 2] [--timeout 1800] [NOTEBOOK ...]     (default: all of notebooks/)

import { listNotebooks } from "./notebooks/cells.mjs";
import { executeNotebooks } from "./notebooks/execute.mjs";

const args = process.argv.slice(2);
const named = args.some((arg) => arg.endsWith(".ipynb"));
process.exit(executeNotebooks(named ? args : [...args, ...listNotebooks()]));
