import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const windows = process.platform === "win32";

/**
 * The path of a program of the virtual environment.
 *
 * @param {string} name
 */
export function venvProgram(name) {
  return windows ? join(root, ".venv", "Scripts", `${name}.exe`) : join(root, ".venv", "bin", name);
}

/**
 * Runs a command to its end and keeps what it prints.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ ok: boolean, missing: boolean, output: string }}
 */
export function capture(command, args, env = process.env) {
  const result = spawnSync(command, [...args], {
    cwd: root,
    env,
    encoding: "utf8",
    shell: windows && command === "npm", // npm is npm.cmd there
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ? `\n${result.error.message}` : ""}`;
  const missing = result.error !== undefined && "code" in result.error && result.error.code === "ENOENT";
  return { ok: result.status === 0, missing, output };
}

/**
 * Runs a command on the user's terminal.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 * @returns {number} its exit status; 1 if it could not start
 */
export function show(command, args, env = {}) {
  const result = spawnSync(command, [...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  if (result.error) console.error(`cannot run ${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/**
 * Keeps a tool's output for the curious.
 *
 * @param {string} name
 * @param {string} output
 * @returns {string} the file, relative to the repository
 */
export function keepLog(name, output) {
  const file = join("build", "setup", `${name}.log`);
  mkdirSync(join(root, "build", "setup"), { recursive: true });
  writeFileSync(join(root, file), output);
  return file;
}
