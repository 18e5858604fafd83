// Trains the three models of notebook 07 at the quick preset, executes the notebook, and shows what came out.
// usage: npm start [-- --fresh]     (--fresh: train again what this very build has trained before)

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EXECUTED, executeNotebooks } from "./notebooks/execute.mjs";
import { exportHtml } from "./notebooks/export-html.mjs";
import { sourcesHash } from "./setup/build.mjs";
import { root, show } from "./setup/commands.mjs";
import { isCurrent, leaveStamp } from "./setup/stamps.mjs";

const METHODS = ["linear", "vanilla", "ernode"];
const RESULTS = "build/start";
const NOTEBOOK = "07-mnist-ode";

const fresh = process.argv.includes("--fresh");
process.on("SIGINT", () => {}); // a training stops by itself at its next batch, and says so

mkdirSync(join(root, RESULTS), { recursive: true });
for (const method of METHODS) train(method);

console.log(`\nExecuting notebooks/${NOTEBOOK}.ipynb ...`);
const executed = executeNotebooks([`notebooks/${NOTEBOOK}.ipynb`]);
const page = executed === 0 ? exportHtml(`${EXECUTED}/${NOTEBOOK}.ipynb`) : undefined;

console.log();
mustSucceed(glassbox("report", "mnist-ode", "--from", RESULTS));
console.log(`
The executed notebook:  ${EXECUTED}/${NOTEBOOK}.ipynb
The same as a page:     ${page ?? "not made (see above)"}
To work in JupyterLab:  npm run lab`);
mustSucceed(page ? 0 : 1);

/** @param {string} method */
function train(method) {
  const result = `${RESULTS}/${method}.json`;
  const stamp = `${RESULTS}/${method}.stamp`;
  const build = sourcesHash();
  if (!fresh && isCurrent(stamp, build)) {
    console.log(`\n${method}: trained before by this build, see ${result}`);
    return;
  }
  console.log(`\nTraining ${method} ...`);
  rmSync(join(root, stamp), { force: true });
  const configuration = ["--method", method, "--preset", "quick", "--seed", "1"];
  mustSucceed(glassbox("run", "mnist-ode", ...configuration, "--out", result));
  leaveStamp(stamp, build);
}

/** @param {string[]} args */
function glassbox(...args) {
  return show(process.execPath, ["dist/cli/main.js", ...args]);
}

/** @param {number} status */
function mustSucceed(status) {
  if (status !== 0) process.exit(status);
}
