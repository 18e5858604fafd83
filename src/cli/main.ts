#!/usr/bin/env node
import { DataError } from "../data/data-error.js";
import { ResultError } from "../experiments/result-files.js";
import { SolveError } from "../models/solve-error.js";
import { TrainingError } from "../training/training-error.js";
import { UsageError } from "./usage-error.js";

const usage = `glassbox: neural differential equations whose solvers are glass boxes

  glassbox run mnist-ode --method linear|vanilla|ernode [--preset smoke|quick|full|published]
                         [--seed N] [--epochs N] [--weight W] [--target onnx|wasm]
                         [--out FILE] [--json]
      trains, evaluates and probes one configuration; --json prints the row as the last line,
      --out writes it to a file, whole or not at all

  glassbox report mnist-ode [--from FOLDER] [--json]
      prints the rows that come with glassbox, or those in a folder`;

/** Exit code of a program that was stopped by Ctrl-C. */
const interrupted = 130;

type Command = (args: string[], signal: AbortSignal) => Promise<void>;

/** Loaded when they are called: what computes and draws takes half a second to load. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./run-command.js")).runCommand,
  report: async () => (await import("./report-command.js")).reportCommand,
};

async function main([name, ...args]: string[]): Promise<number> {
  if (!name || name === "help" || name === "--help") {
    console.log(usage);
    return 0;
  }
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  try {
    if (!Object.hasOwn(commands, name)) throw new UsageError(`unknown command "${name}"; try: glassbox help`);
    const command = await commands[name]();
    await command(args, stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      console.error("\nglassbox: stopped; nothing was written");
      return interrupted;
    }
    if (!isExpected(error)) throw error;
    console.error(`glassbox: ${error.message}`);
    return 1;
  }
}

/** Whether an error's message is written for users; any other error is a defect and keeps its stack trace. */
function isExpected(error: unknown): error is Error {
  const kinds = [UsageError, DataError, ResultError, TrainingError, SolveError];
  return kinds.some((kind) => error instanceof kind);
}

/** A reader that has seen enough, such as `head`, closes the pipe: that is no error, but nobody is left to work for. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
}

process.stdout.on("error", endWithReader);
process.stderr.on("error", endWithReader);
process.exitCode = await main(process.argv.slice(2));
