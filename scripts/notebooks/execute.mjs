import { show, venvProgram } from "../setup/commands.mjs";

export const EXECUTED = "build/notebooks";

/**
 * The command that executes notebooks through the tslab kernel.
 *
 * @param {readonly string[]} args options and notebooks, see run_notebooks.py
 * @returns {[string, ...string[]]}
 */
export function runnerCommand(args) {
  return [venvProgram("python"), "scripts/run_notebooks.py", ...args];
}

/**
 * Executes notebooks into `build/notebooks/` (or, with `--save`, in place).
 *
 * @param {readonly string[]} args
 * @returns {number} exit status
 */
export function executeNotebooks(args) {
  const [command, ...rest] = runnerCommand(["--out", EXECUTED, ...args]);
  return show(command, rest);
}
