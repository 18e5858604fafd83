#!/usr/bin/env node
import { DataError } from "../data/data-error.js";
import { ResultError } from "../experiments/result-files.js";
import { SolveError } from "../models/solve-error.js";
import { CheckpointError } from "../training/checkpoint-file.js";
import { TrainingError } from "../training/training-error.js";
import { Stopped } from "./stopped.js";
import { usage } from "./usage.js";
import { UsageError } from "./usage-error.js";

/** Exit codes by the signal that asked to stop, as shells have them. */
const stopped = { SIGINT: 130, SIGTERM: 143 } as const;

/** Exit code of work that nobody waits for any more: an input or output error, by sysexits.h. */
const abandoned = 74;

interface Command {
  /** Loaded when it is called: what computes and draws takes half a second to load. */
  readonly load: () => Promise<(args: string[], signal: AbortSignal) => Promise<void>>;
  /** The exit code when the reader of its output is gone before its end. */
  readonly withoutReader: number;
}

const commands: Readonly<Record<string, Command>> = {
  run: { load: async () => (await import("./run-command.js")).runCommand, withoutReader: abandoned },
  sweep: { load: async () => (await import("./sweep-command.js")).sweepCommand, withoutReader: abandoned },
  // who has seen enough of a report, such as `head`, closes the pipe: that is no error
  report: { load: async () => (await import("./report-command.js")).reportCommand, withoutReader: 0 },
};

async function main([name, ...args]: string[]): Promise<number> {
  if (!name || name === "help" || name === "--help") {
    console.log(usage());
    return 0;
  }
  const stop = new AbortController();
  let code = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      code = stopped[signal];
      stop.abort();
    });
  }
  try {
    if (!Object.hasOwn(commands, name)) throw new UsageError(`unknown command "${name}"; try: glassbox help`);
    const { load, withoutReader } = commands[name];
    endWithReader(withoutReader);
    const command = await load();
    await command(args, stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      console.error(
        `\nglassbox: stopped; ${error instanceof Stopped ? error.message : "nothing was written"}`,
      );
      return code;
    }
    if (!isExpected(error)) throw error;
    console.error(`glassbox: ${error.message}`);
    return 1;
  }
}

/** Whether an error's message is written for users; any other error is a defect and keeps its stack trace. */
function isExpected(error: unknown): error is Error {
  const kinds = [UsageError, DataError, ResultError, TrainingError, CheckpointError, SolveError];
  return kinds.some((kind) => error instanceof kind);
}

/** A closed pipe ends the program: nobody is left to work for, and a supervisor that was killed leaves no orphan. */
function endWithReader(code: number): void {
  const end = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE") throw error;
    process.exit(code);
  };
  process.stdout.on("error", end);
  process.stderr.on("error", end);
}

process.exitCode = await main(process.argv.slice(2));
