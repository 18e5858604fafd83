import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { PROBLEMS } from "./problem.js";
import { measureSolve, type SolveOptions } from "./solve.js";
import { markdownTable } from "./table.js";

const TARGETS: readonly string[] = ["onnx", "javascript", "tfjs"];

const USAGE = `npm run bench -- solve [--problem ${Object.keys(PROBLEMS).join("|")}] [--rounds N] [--reg] [--json]
                     [--target ${TARGETS.join("|")}] [--threads N]`;

/** The command line, checked. */
function readArguments(args: readonly string[]): SolveOptions & { readonly json: boolean } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      problem: { type: "string", default: "mnist" },
      target: { type: "string", default: "onnx" },
      threads: { type: "string", default: "2" },
      rounds: { type: "string", default: "15" },
      reg: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { problem, target, reg, json } = values;
  if (positionals.join(" ") !== "solve")
    throw new Error(`expected the command solve, got "${positionals.join(" ")}"`);
  if (!(problem in PROBLEMS))
    throw new Error(`--problem must be ${Object.keys(PROBLEMS).join(" or ")}, got ${problem}`);
  if (!TARGETS.includes(target)) throw new Error(`--target must be ${TARGETS.join(" or ")}, got ${target}`);
  const rounds = atLeast(7, "--rounds", values.rounds);
  const threads = atLeast(1, "--threads", values.threads);
  const onProgress = (line: string) => process.stderr.write(`${line}\n`);
  return { problem, target, threads, rounds, penalty: reg, json, onProgress };
}

function atLeast(least: number, option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`${option} must be a whole number of at least ${least}, got ${text}`);
  }
  return value;
}

function machine(threads: number): string {
  const load = loadavg()[0].toFixed(1);
  return `${cpus()[0].model.trim()}, ${threads} of ${cpus().length} cores, Node ${process.versions.node}, load ${load}`;
}

/** The one line that says what went wrong, and the end. */
function fail(error: unknown, help = ""): never {
  console.error(`bench: ${error instanceof Error ? error.message : error}${help}`);
  process.exit(1);
}

function readOrFail(): ReturnType<typeof readArguments> {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    return fail(error, `\n\n${USAGE}`);
  }
}

const { json, ...options } = readOrFail();
const before = machine(options.threads);
try {
  const rows = await measureSolve(options);
  console.log(json ? JSON.stringify(rows) : `${before}\n\n${markdownTable(rows)}`);
} catch (error) {
  fail(error);
}
