import { parseArgs } from "node:util";
import { comparisonTables } from "./comparison-tables.js";
import { type MeasureOptions, measureAll } from "./contest.js";
import { machine } from "./machine.js";
import { PROBLEMS, type TargetName } from "./problems.js";
import { measureRegularizers, trainedProblem, trainingTargets } from "./regularizers.js";
import { regularizersText, report, reportRegularizers } from "./report.js";
import { choices } from "./work-precision/problems.js";
import { precisionTables, reportPrecision } from "./work-precision/report.js";
import { runPrecision } from "./work-precision/run.js";

const TARGETS: readonly TargetName[] = ["wasm", "onnx", "javascript", "tfjs"];

const COMMANDS = ["step", "solve", "regularizers", "report", "work-precision"] as const;

const USAGE = `npm run bench -- ${COMMANDS.join("|")} [--problem all|${Object.keys(PROBLEMS).join("|")}] [--target all|${TARGETS.join("|")}]
                     [--node PATH] [--wide] [--threads N] [--rounds N] [--json]
A problem or target may be several, with commas between; --node may be given more than once.
work-precision has problems of its own, ${Object.keys(choices).join(", ")},
takes --problem, --rounds and --json alone, and writes its results unless --problem names some of them.
regularizers runs on wasm and onnx alone, and writes its results unless --problem names some.`;

interface Arguments {
  readonly command: (typeof COMMANDS)[number];
  readonly problems: readonly string[];
  readonly json: boolean;
  readonly options: MeasureOptions;
}

/** The command line, checked. */
function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      problem: { type: "string", default: "all" },
      target: { type: "string", default: "all" },
      node: { type: "string", multiple: true, default: [] },
      wide: { type: "boolean", default: false },
      threads: { type: "string", default: "2" },
      rounds: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const command = COMMANDS.find((known) => known === positionals.join(" "));
  if (!command) throw new Error(`expected one of ${COMMANDS.join(", ")}, got "${positionals.join(" ")}"`);
  const isPrecision = command === "work-precision";
  return {
    command,
    problems: chosen("--problem", values.problem, Object.keys(isPrecision ? choices : PROBLEMS)),
    json: values.json,
    options: {
      targets: chosen("--target", values.target, TARGETS),
      nodes: [process.execPath, ...values.node],
      wide: values.wide,
      threads: atLeast(1, "--threads", values.threads),
      rounds: isPrecision
        ? atLeast(1, "--rounds", values.rounds ?? "5")
        : atLeast(7, "--rounds", values.rounds ?? "15"),
      onProgress: (line) => process.stderr.write(`${line}\n`),
    },
  };
}

/** Some of the known names. */
function chosen<Name extends string>(option: string, text: string, known: readonly Name[]): readonly Name[] {
  if (text === "all") return known;
  const names = text.split(",");
  const stranger = names.find((name) => !known.includes(name as Name));
  if (stranger === undefined) return names as Name[];
  throw new Error(`${option} must be all, or some of ${known.join(", ")}, got ${stranger}`);
}

function atLeast(least: number, option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`${option} must be a whole number of at least ${least}, got ${text}`);
  }
  return value;
}

/** The one line that says what went wrong, and the end. */
function fail(error: unknown, help = ""): never {
  console.error(`bench: ${error instanceof Error ? error.message : error}${help}`);
  process.exit(1);
}

function readOrFail(): Arguments {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    return fail(error, `\n\n${USAGE}`);
  }
}

async function run({ command, problems, json, options }: Arguments): Promise<void> {
  if (command === "report") return report(problems, options);
  if (command === "work-precision") return workPrecision(problems, json, options);
  if (command === "regularizers") return regularizers(problems, json, options);
  const before = machine(options.threads);
  const rows = await measureAll(problems, { ...options, command, penalty: false });
  console.log(json ? JSON.stringify(rows) : `${before}\n\n${comparisonTables(rows, command === "solve")}`);
}

async function regularizers(
  problems: readonly string[],
  json: boolean,
  given: MeasureOptions,
): Promise<void> {
  const before = `${machine(given.threads)}, ${given.rounds} rounds.`;
  const options = { ...given, targets: given.targets.filter((target) => trainingTargets.includes(target)) };
  const methods = problems.includes(trainedProblem) ? await measureRegularizers(options) : [];
  const penalty = await measureAll(problems, { ...options, command: "solve", penalty: true });
  if (problems.length === Object.keys(PROBLEMS).length) reportRegularizers(methods, penalty, before);
  console.log(json ? JSON.stringify([...methods, ...penalty]) : regularizersText(methods, penalty, before));
}

async function workPrecision(
  problems: readonly string[],
  json: boolean,
  options: MeasureOptions,
): Promise<void> {
  const before = machine(1);
  const rows = await runPrecision(problems, options);
  if (problems.length === Object.keys(choices).length) {
    await reportPrecision(rows, `${before}, ${options.rounds} rounds`);
  }
  console.log(json ? JSON.stringify(rows) : `${before}\n\n${precisionTables(rows)}`);
}

try {
  await run(readOrFail());
} catch (error) {
  fail(error);
}
