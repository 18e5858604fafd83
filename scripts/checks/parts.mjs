// The parts of "npm test": a command each, and how to count what passed and failed in it.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listNotebooks } from "../notebooks/cells.mjs";
import { EXECUTED, runnerCommand } from "../notebooks/execute.mjs";
import { root } from "../setup/commands.mjs";
import { tallyOfCheck, tallyOfLastLine, tallyOfVitest } from "./tally.mjs";

/**
 * @typedef {import("./tally.mjs").Tally} Tally
 * @typedef {import("./tally.mjs").Outcome} Outcome
 * @typedef {{
 *   name: string,
 *   command: [string, ...string[]],
 *   env?: NodeJS.ProcessEnv,
 *   count: (outcome: Outcome) => Tally,
 * }} Part
 */

const BAD = "tests/notebooks/bad";
const badNotebooks = readdirSync(join(root, BAD)).map((name) => `${BAD}/${name}`);

/**
 * The groups run one after another; the parts of a group, which are light, two at a time.
 *
 * @type {readonly (readonly Part[])[]}
 */
export const groups = [
  [
    check("lint", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."),
    check("types", "scripts/check-types.mjs"),
    check("dead-exports", "node_modules/knip/bin/knip.js"),
    check("docs", "node_modules/typedoc/bin/typedoc", "--emit", "none"),
    check("publint", "node_modules/publint/src/cli.js", "--strict", "--pack", "npm"),
    check("cells", "scripts/check-notebooks.mjs"),
  ],
  [vitest("unit")],
  [notebooks("notebooks", [...listNotebooks()], { NB_PRESET: "smoke" })],
  [notebooks("bad-notebooks", ["--expect-failure", ...badNotebooks])],
  [vitest("jupyterlab", "--config", "tests/e2e/vitest.config.ts")],
];

/**
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @returns {Part}
 */
function check(name, program, ...args) {
  return { name, command: [process.execPath, program, ...args], count: tallyOfCheck };
}

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Part}
 */
function vitest(name, ...args) {
  const report = `build/test/${name}.json`;
  rmSync(join(root, report), { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return {
    name,
    command: [process.execPath, "node_modules/vitest/vitest.mjs", "run", ...args, ...reporters],
    count: ({ status }) => tallyOfVitest(status, readIfThere(join(root, report))),
  };
}

/**
 * @param {string} name
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Part}
 */
function notebooks(name, args, env) {
  return {
    name,
    command: runnerCommand(["--timeout", "600", "--out", `${EXECUTED}/${name}`, ...args]),
    env,
    count: tallyOfLastLine,
  };
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
