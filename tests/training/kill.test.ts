import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { readCheckpoint } from "../../src/training/checkpoint-file.js";
import type { TrainingResult } from "../../src/training/training-options.js";
import { checkpointFiles, killedTrainings } from "./killed-training.js";
import { temporaryFolder } from "./temporary-folder.js";
import { transpiled } from "./transpiled.js";

/** Begins or goes on, says so at every iteration, and lives on after its end until it is killed. */
const program = `
  const [module, folder] = process.argv.slice(1);
  const { killedTrainings } = await import(module);
  const tell = () => process.send("an iteration");
  await killedTrainings(folder, tell);
  setInterval(tell, 1);
`;

let module: string;
beforeAll(() => {
  module = transpiled(fileURLToPath(new URL("killed-training.ts", import.meta.url)), "killed-training");
}, 60_000);

function begin(folder: string): ChildProcess {
  return spawn(process.execPath, ["--input-type=module", "-e", program, module, folder], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** Kills a process at a random moment: mostly while it trains and writes, at times while it is still being loaded. */
async function kill(child: ChildProcess, random: Random): Promise<void> {
  const end = once(child, "exit");
  let iterations = random.uniform() < 0.2 ? 0 : 2 + random.integer(12);
  const enough = new Promise<void>((resolve) => {
    child.on("message", () => --iterations <= 0 && resolve());
    if (iterations === 0) resolve();
  });
  await Promise.race([enough, end]);
  await new Promise((resolve) => setTimeout(resolve, 10 * random.uniform()));
  child.kill("SIGKILL");
  expect(await end).toEqual([null, "SIGKILL"]);
}

/** The iterations that are kept, 0 before the first. Whatever is there is whole. */
function keptIterations(folder: string): Promise<number[]> {
  const there = readdirSync(folder);
  const keptIn = async (name: string): Promise<number> =>
    there.includes(name) ? (await readCheckpoint(join(folder, name))).snapshot.iteration : 0;
  return Promise.all(checkpointFiles.map(keptIn));
}

/** Results without their times, which differ from run to run. */
const repeatable = (results: readonly TrainingResult[]) => results.map(({ seconds, ...rest }) => rest);

describe("trainings whose process is killed ten times at random moments", () => {
  it("leave whole checkpoints each time, and come to the same ends bit for bit", async () => {
    const folder = temporaryFolder();
    const random = new Random(4);
    let kept = await keptIterations(folder);
    for (let kills = 0; kills < 10; kills++) {
      await kill(begin(folder), random);
      const now = await keptIterations(folder);
      now.forEach((iteration, i) => {
        expect(iteration).toBeGreaterThanOrEqual(kept[i]);
      });
      kept = now;
    }
    for (const iteration of kept) expect(iteration).toBeGreaterThan(0);
    expect(repeatable(await killedTrainings(folder))).toEqual(repeatable(await killedTrainings()));
    expect(readdirSync(folder).sort()).toEqual([...checkpointFiles].sort());
  }, 60_000);
});
