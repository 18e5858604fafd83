import { createRequire } from "node:module";
import { evaluateSource } from "../../../operations/library-functions.js";
import type { WebAssemblyMemory } from "../web-assembly.js";
import { type PortionedStage, type ShareRunner, shareRunner } from "./portioned-stage.js";
import type { Prepare, ThreadTools } from "./prepared-code.js";

/** Threads that run stages together; the calling one is number 0. */
export interface Team<Code = unknown> {
  readonly threads: number;
  /**
   * Runs all shares of a stage, to the end.
   *
   * @throws what a share of it threw, on whatever thread.
   */
  run(stage: PortionedStage<Code>): void;
  /** Lets go of a stage that will not run again. */
  forget(stage: PortionedStage<Code>): void;
}

/** A team of the calling thread alone. */
export class SoloTeam<Code> implements Team<Code> {
  readonly threads = 1;
  private readonly runners = new Map<number, ShareRunner>();
  private readonly tools: ThreadTools;

  constructor(
    memory: WebAssemblyMemory,
    private readonly prepare: Prepare<Code>,
  ) {
    this.tools = callersTools(memory);
  }

  run(stage: PortionedStage<Code>): void {
    const runner = this.runnerOf(stage);
    for (let share = 0; share < stage.shares; share++) runner.run(share, 0);
  }

  forget({ id }: PortionedStage<Code>): void {
    this.runners.get(id)?.release();
    this.runners.delete(id);
  }

  /** The stage made ready for this thread. */
  private runnerOf(stage: PortionedStage<Code>): ShareRunner {
    const runner = this.runners.get(stage.id) ?? shareRunner(stage, this.prepare, this.tools);
    this.runners.set(stage.id, runner);
    return runner;
  }
}

/** The tools of the calling thread, whose functions may call what workers do not have. */
export function callersTools(memory: WebAssemblyMemory): ThreadTools {
  return {
    memory,
    evaluate: (source) => evaluateSource(`return ${source};`),
    load: createRequire(import.meta.url),
  };
}
