import { buildLibrary } from "./build.mjs";
import { SetupError } from "./failures.mjs";
import { installJupyterFiles } from "./jupyter.mjs";
import { installNpmPackages } from "./npm.mjs";
import { installPythonPackages } from "./python.mjs";

/** @type {Record<string, () => string>} */
const STEPS = {
  npm: installNpmPackages,
  python: installPythonPackages,
  jupyter: installJupyterFiles,
  build: buildLibrary,
};

/**
 * Runs the named steps, or all; a failure is told in one line and ends the process.
 *
 * @param {readonly string[]} names
 */
export function setUp(names) {
  try {
    for (const name of names.length > 0 ? names : Object.keys(STEPS)) runStep(name);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`set-up: ${error.message}`);
    process.exit(1);
  }
}

/** @param {string} name */
function runStep(name) {
  const step = STEPS[name];
  if (!step)
    throw new SetupError(`there is no step "${name}"; the steps are ${Object.keys(STEPS).join(", ")}`);
  const start = performance.now();
  const outcome = step();
  console.log(`set-up: ${name} ${outcome} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}
