// Brings a fresh clone to a working state with nothing but Node and Python; a repeat costs next to nothing.
// usage: node scripts/setup.mjs [npm] [python] [jupyter] [build]     (default: all four)

import { nodeProblem } from "./setup/failures.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(`set-up: ${problem}`);
  process.exit(1);
}
// Imported only now, for an old Node could not even read it.
import("./setup/steps.mjs").then(({ setUp }) => setUp(process.argv.slice(2)));
