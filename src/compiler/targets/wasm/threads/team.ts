import { evaluateSource } from "../../../operations/library-functions.js";
import type { WebAssemblyMemory } from "../web-assembly.js";
import { type PortionedStage, type ShareRunner, shareRunner } from "./portioned-stage.js";

/** Threads that run stages together; the calling one is number 0. */
export interface Team {
  readonly threads: number;
  /**
   * Runs all shares of a stage, to the end.
   *
   * @throws what a share of it threw, on whatever thread.
   */
  run(stage: PortionedStage): void;
  /** Lets go of a stage that will not run again. */
  forget(stage: PortionedStage): void;
}

/** A team of the calling thread alone. */
export class SoloTeam implements Team {
  readonly threads = 1;
  private readonly runners = new Map<number, ShareRunner>();

  constructor(private readonly memory: WebAssemblyMemory) {}

  run(stage: PortionedStage): void {
    const runner = this.runnerOf(stage);
    for (let share = 0; share < stage.shares; share++) runner(share, 0);
  }

  forget({ id }: PortionedStage): void {
    this.runners.delete(id);
  }

  /** The stage made ready for this thread. */
  private runnerOf(stage: PortionedStage): ShareRunner {
    const runner = this.runners.get(stage.id) ?? shareRunner(stage, this.memory, evaluateFunction);
    this.runners.set(stage.id, runner);
    return runner;
  }
}

/** The function of a source, which may call what the calling thread has and workers have not. */
export function evaluateFunction(source: string): unknown {
  return evaluateSource(`return ${source};`);
}
