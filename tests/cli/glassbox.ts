import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A package of its own, with the data of this one: `dist` may be older than the sources, and others may be using it. */
const place = join(repository, "build", "cli-test");

/** Builds the command from the sources as they are. */
export async function buildGlassbox(): Promise<void> {
  mkdirSync(place, { recursive: true });
  for (const name of ["package.json", "data"]) {
    if (!existsSync(join(place, name))) symlinkSync(join(repository, name), join(place, name));
  }
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  // types are checked elsewhere
  const options = ["--noCheck", "--declaration", "false", "--outDir", join(place, "dist")];
  await promisify(execFile)(process.execPath, [
    compiler,
    "-p",
    join(repository, "tsconfig.json"),
    ...options,
  ]);
}

/** How a command ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of a command beside its arguments. */
export interface GlassboxOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with everything that stderr has had so far. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
  /** Called with everything that stdout has had so far. */
  readonly onStdout?: (text: string, child: ChildProcess) => void;
  /** Called once, when the command runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Arguments of Node that run the command. */
export function commandLine(args: readonly string[]): string[] {
  return [join(place, "dist", "cli", "main.js"), ...args];
}

/** Runs the command to its end. */
export function glassbox(args: readonly string[], options: GlassboxOptions = {}): Promise<Outcome> {
  const { env = {}, onStdout, onStderr, onStart } = options;
  const child = spawn(process.execPath, commandLine(args), {
    env: { ...process.env, GLASSBOX_DATA: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    onStdout?.(stdout, child);
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    onStderr?.(stderr, child);
  });
  onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
