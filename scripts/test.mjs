// Runs all parts of the tests, or the named ones, and ends with how many things passed and failed.
// usage: npm test, or node scripts/test.mjs [PART ...]     (the parts stand in scripts/checks/parts.mjs)

import { spawn } from "node:child_process";
import { groups } from "./checks/parts.mjs";
import { sumOf } from "./checks/tally.mjs";
import { root } from "./setup/commands.mjs";

/**
 * @typedef {import("./checks/parts.mjs").Part} Part
 * @typedef {import("./checks/tally.mjs").Tally} Tally
 */

const chosen = process.argv.slice(2);
const known = groups.flat().map(({ name }) => name);
const unknown = chosen.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`there is no part "${unknown[0]}"; the parts are ${known.join(", ")}`);
  process.exit(1);
}

/** @type {{ name: string, seconds: number, tally: Tally }[]} */
const results = [];
for (const group of groups) {
  const waiting = group.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  const alone = group.length === 1;
  await Promise.all([runInTurn(waiting, alone), runInTurn(waiting, alone)]);
}

console.log();
for (const { name, seconds, tally } of results)
  console.log(
    `${name.padEnd(16)}${seconds.toFixed(1).padStart(7)} s  ${tally.passed} passed, ${tally.failed} failed`,
  );
const { passed, failed } = sumOf(results.map(({ tally }) => tally));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/**
 * Takes parts from the list until it is empty.
 *
 * @param {Part[]} waiting
 * @param {boolean} alone whether to show output while it comes; of two at a time it is shown at the end of each
 */
async function runInTurn(waiting, alone) {
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    const start = performance.now();
    const heading = `\n== ${part.name}`;
    if (alone) console.log(heading);
    const outcome = await run(part, alone);
    const seconds = (performance.now() - start) / 1000;
    if (!alone) console.log(`${heading} (${seconds.toFixed(1)} s)\n${outcome.output.trimEnd()}`);
    results.push({ name: part.name, seconds, tally: part.count(outcome) });
  }
}

/**
 * @param {Part} part
 * @param {boolean} live
 * @returns {Promise<import("./checks/tally.mjs").Outcome>}
 */
function run({ command: [program, ...args], env }, live) {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (live) process.stdout.write(text);
    });
  }
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ status: 1, output: `${output}${program}: ${error.message}\n` }));
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}
