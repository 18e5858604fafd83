import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { asked, type Engine, startEngine } from "./engine.js";
import type { TargetName } from "./problems.js";
import { ROOT } from "./root.js";

/** What is measured of each engine. */
export type Command = "solve" | "step";

/** What one of ours can be started for: that, or iterations of a training. */
export type OurCommand = Command | "iteration";

/** One of our engines, with what tells it from the others. */
export interface Ours {
  readonly engine: Engine;
  readonly target: string;
  /** Version of the Node that runs it; empty where none does. */
  readonly node: string;
}

/** Another library, or the machine's limit. */
interface Peer {
  readonly script: string;
  /** Whether the bench goes on without it when it cannot start. */
  readonly optional?: boolean;
  /** Whether it needs a field of matrix products. */
  readonly products?: boolean;
}

const limit: Peer = { script: "gemm_limit", products: true };

/** Who is compared with us in each command. */
const PEERS: Readonly<Record<Command, readonly Peer[]>> = {
  solve: [{ script: "diffrax_solve" }, { script: "torchdiffeq_solve" }, limit],
  step: [
    { script: "jax_step" },
    { script: "diffrax_step" },
    { script: "torch_step", optional: true }, // its compiler needs another, for C++
    limit,
  ],
};

/** The folder of a problem's files. */
export const problemFolder = (problem: string): string => `${ROOT}build/bench/${problem}`;

/** Which of ours to start. */
interface OursOptions {
  readonly targets: readonly TargetName[];
  /** Node binaries. */
  readonly nodes: readonly string[];
  /** Whether to run wasm with vectors of 256 bits, too, where the engine has them. */
  readonly wide: boolean;
}

/** First version of Node whose V8 makes wide vectors. */
const FIRST_WITH_WIDE_VECTORS = 24;

/** Starts ours: each target on each Node, one after the other. */
export async function startOurs(
  command: OurCommand,
  folder: string,
  { targets, nodes, wide }: OursOptions,
): Promise<Ours[]> {
  const started: Ours[] = [];
  for (const binary of nodes) {
    const node = versionOf(binary);
    const canBeWide = Number.parseInt(node, 10) >= FIRST_WITH_WIDE_VECTORS;
    const widened = wide && canBeWide && targets.includes("wasm") ? ["wasm wide"] : [];
    for (const target of [...targets, ...widened]) {
      const script = `${ROOT}build/bench/code/glassbox-engine.js`;
      const engine = await startEngine(binary, [script, folder, command, ...target.split(" ")]);
      const name = `${engine.greeting.engine}, ${target}, Node ${node}`;
      started.push({ engine: asked(engine, {}, { engine: name }), target, node });
    }
  }
  return started;
}

/** Starts the others; one that may be missing and cannot start is told of in a line. */
export async function startPeers(
  command: Command,
  folder: string,
  hasProducts: boolean,
  onProgress: (line: string) => void,
): Promise<Engine[]> {
  const started: Engine[] = [];
  for (const { script, optional, products } of PEERS[command]) {
    if (products && !hasProducts) continue;
    try {
      started.push(await startPeer(script, folder));
    } catch (error) {
      if (!optional) throw error;
      onProgress(`left out: ${script}, which cannot start: ${lastLine((error as Error).message)}`);
    }
  }
  return started;
}

/**
 * Starts a script of `peers/`, with what it is to read.
 *
 * @throws Error when the peers are not installed, or it does not come to greet.
 */
export async function startPeer(script: string, path: string): Promise<Engine> {
  const python = `${ROOT}.venv-bench/bin/python`;
  if (!existsSync(python)) throw new Error("the peers are not installed: run `npm run bench:setup` first");
  return startEngine(python, ["-B", `${ROOT}bench/peers/${script}.py`, path]);
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function versionOf(node: string): string {
  const { stdout, error } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (error) throw new Error(`cannot run the Node at ${node}: ${error.message}`);
  return stdout.trim().replace(/^v/, "");
}
