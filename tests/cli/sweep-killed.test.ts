import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { readRows } from "../../src/experiments/result-files.js";
import { readCheckpoint } from "../../src/training/checkpoint-file.js";
import { temporaryFolder } from "../training/temporary-folder.js";
import { buildGlassbox, commandLine, filesIn, glassbox } from "./glassbox.js";

beforeAll(buildGlassbox, 120_000);

/** Four short runs, two at a time, kept many times in their course and at their end; all kinds of runs are kept alike. */
const sweepInto = (out: string): string[] => [
  ...["sweep", "mnist-ode", "--preset", "smoke", "--epochs", "40", "--methods", "linear", "--seeds", "1..4"],
  ...["--jobs", "2", "--checkpoint-every", "0.01", "--keep-checkpoints", "--out", out],
];

/** Metrics and trained parameters of all rows: everything but times, and what the machine is. */
async function resultsIn(folder: string) {
  const rows = await readRows("mnist-ode", folder);
  const metrics = rows.map(({ timing, provenance, ...rest }) => rest);
  metrics.sort((a, b) => (a.configuration < b.configuration ? -1 : 1));
  const checkpoints = await checkpointsIn(folder);
  return { metrics, checkpoints: checkpoints.map(({ seconds, ...rest }) => rest) };
}

/** All checkpoints of a folder; a damaged one is refused. */
function checkpointsIn(folder: string) {
  const paths = filesIn(folder).filter((name) => name.endsWith(".safetensors"));
  return Promise.all(paths.map((name) => readCheckpoint(join(folder, name))));
}

/** Whom a kill hits: the sweep, whose workers then have nobody to tell; one worker; or all, as when the power goes. */
const victims = ["the sweep", "a worker", "all"] as const;

interface Moment {
  readonly victim: (typeof victims)[number];
  readonly milliseconds: number;
}

/** Sweeps that are killed one after the other. */
class KilledSweeps {
  private readonly begun: ChildProcess[] = [];

  /** Begins or goes on, and is killed. */
  async beginAndKill(args: readonly string[], { victim, milliseconds }: Moment): Promise<void> {
    const child = spawn(process.execPath, commandLine(args), {
      stdio: "ignore",
      detached: true,
      env: { ...process.env, GLASSBOX_DATA: "" },
    });
    this.begun.push(child);
    const end = once(child, "close");
    await Promise.race([sleep(milliseconds), end]);
    if (victim === "a worker") {
      const [worker] = childrenOf(child);
      if (worker !== undefined) process.kill(worker, "SIGKILL");
      await Promise.race([sleep(milliseconds / 4), end]); // the sweep sees to the others
    }
    child.kill("SIGKILL");
    if (victim === "all") killGroup(child);
    await end;
  }

  /** Ends the workers that outlived their sweeps. */
  end(): void {
    for (const child of this.begun) killGroup(child);
  }
}

function childrenOf({ pid }: ChildProcess): number[] {
  try {
    const list = execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
    return list.split("\n").filter(Boolean).map(Number);
  } catch {
    return []; // there are none
  }
}

/** Kills a process and all that it started. */
function killGroup({ pid = 0 }: ChildProcess): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // nothing of it is left
  }
}

describe("a sweep that is killed 20 times at random moments", () => {
  it("leaves only whole files each time, and comes to the same metrics and parameters bit for bit", async () => {
    const [straight, broken] = [temporaryFolder(), temporaryFolder()];
    const begin = performance.now();
    expect((await glassbox(sweepInto(straight))).stdout).toBe("4 of 4 rows are there\n");
    const duration = performance.now() - begin;

    const random = new Random(6);
    const moments: Moment[] = [];
    const told = () =>
      `killed: ${moments.map(({ victim, milliseconds }) => `${victim} after ${milliseconds} ms`)}`;
    const sweeps = new KilledSweeps();
    onTestFinished(() => sweeps.end());
    while (moments.length < 20) {
      const milliseconds = Math.round(0.45 * duration * random.uniform());
      moments.push({ victim: victims[random.integer(victims.length)], milliseconds });
      await sweeps.beginAndKill(sweepInto(broken), moments[moments.length - 1]);
      if (existsSync(broken)) await expect(resultsIn(broken), told()).resolves.toBeDefined();
    }
    sweeps.end();
    expect((await glassbox(sweepInto(broken))).stdout, told()).toBe("4 of 4 rows are there\n");
    expect(await resultsIn(broken), told()).toEqual(await resultsIn(straight));
    expect(filesIn(broken), told()).toEqual(filesIn(straight));
  }, 600_000);
});
