import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Packages of their own, with the data of this one: `dist` may be older than the sources, and others may be using it. */
const builds = join(repository, "build", "cli-test");

/** The one of the sources as they are, by their hash: tests that run side by side share it. */
const place = join(builds, hashOfSources());

function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const name of filesIn(join(repository, "src"))) {
    hash.update(name).update(readFileSync(join(repository, "src", name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Builds the command from the sources as they are, unless that was done before. */
export async function buildGlassbox(): Promise<void> {
  if (existsSync(place)) return;
  const unfinished = `${place}-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const name of ["package.json", "data"]) symlinkSync(join(repository, name), join(unfinished, name));
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  const project = ["-p", join(repository, "tsconfig.json")];
  // types are checked elsewhere
  const options = ["--noCheck", "--declaration", "false", "--outDir", join(unfinished, "dist")];
  await promisify(execFile)(process.execPath, [compiler, ...project, ...options]);
  try {
    renameSync(unfinished, place);
  } catch {
    rmSync(unfinished, { recursive: true }); // another test was faster
  }
  removeOldBuilds();
}

/** Removes builds of earlier sources that no test can be running any more. */
function removeOldBuilds(): void {
  const anHour = 3600_000;
  for (const name of readdirSync(builds)) {
    const age = Date.now() - statSync(join(builds, name)).mtimeMs;
    if (age > anHour) rmSync(join(builds, name), { recursive: true, force: true });
  }
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

/** All files below a folder. */
export function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}
