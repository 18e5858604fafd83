import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { TargetError } from "../../target.js";
import type { WebAssemblyMemory } from "../web-assembly.js";
import { controlLength, shareBits, controlWords as words } from "./control-words.js";
import { type PortionedStage, type ShareRunner, shareRunner } from "./portioned-stage.js";
import type { Prepare, ThreadTools } from "./prepared-code.js";
import { takeShare } from "./take-share.js";
import { callersTools, SoloTeam, type Team } from "./team.js";
import { type WorkerMessage, type WorkerStart, workerLoop } from "./worker-loop.js";

/** How often a thread looks for what it waits for before it sleeps: some ten microseconds. */
const spins = 20_000;

/** What the worker threads run; their functions come as source text, for want of a file that every loader can read. */
const workerSource = (prepare: unknown) => `"use strict";
const { receiveMessageOnPort: receive, workerData } = require("node:worker_threads");
const [makeRunner, takeShare, prepare] = [${shareRunner}, ${takeShare}, ${prepare}];
(${workerLoop})(workerData, { receive, makeRunner, takeShare, prepare, evaluate: eval, load: require });
`;

const mainThread = 0;

/** Milliseconds that the main thread sleeps before it looks whether those that it waits for are still there. */
const patience = 100;

/**
 * The main thread and its helpers: together they run stages, share by share.
 *
 * Whoever is free takes the next share, so that a thread that the system holds up, or that is still starting, delays no
 * more than its own. Which thread computed a share makes no difference to its result. Workers sleep while there is
 * nothing to do, keep no process alive, and end when the team is collected.
 */
export class WorkerTeam<Code> implements Team<Code> {
  readonly threads: number;
  private readonly control = new Int32Array(new SharedArrayBuffer(4 * controlLength));
  private readonly mailboxes: MessagePort[] = [];
  private readonly workers: Worker[] = [];
  /** What went wrong outside of any share; shared with the workers' listeners, which must not keep the team alive. */
  private readonly failures: unknown[] = [];
  private readonly runners = new Map<number, ShareRunner>();
  private readonly solo: SoloTeam<Code>;
  private readonly tools: ThreadTools;
  private runs = 0;

  /**
   * @param memory a shared WebAssembly.Memory, in which the code of all stages computes
   * @param threads the main thread included
   */
  constructor(
    private readonly memory: WebAssemblyMemory,
    threads: number,
    private readonly prepare: Prepare<Code>,
  ) {
    this.threads = threads;
    this.solo = new SoloTeam(memory, prepare);
    this.tools = callersTools(memory);
    stopWhenCollected.register(this, this.control);
  }

  /** @throws TargetError when a worker ended meanwhile, or what a share threw; the former then at every run. */
  run(stage: PortionedStage<Code>): void {
    if (this.failures.length > 0) throw this.failures[0];
    if (stage.shares === 1) {
      this.solo.run(stage);
      return;
    }
    this.startWorkers();
    const runner = this.runnerOf(stage);
    this.announce(stage);
    let failure: { readonly error: unknown } | undefined;
    for (let share = this.nextShare(); share >= 0; share = this.nextShare()) {
      try {
        runner.run(share, mainThread);
      } catch (error) {
        failure ??= { error };
      }
      Atomics.add(this.control, words.finished, 1);
    }
    this.waitForOthers(stage.shares);
    failure ??= this.failureOfWorker();
    if (failure) throw failure.error;
  }

  forget(stage: PortionedStage<Code>): void {
    const { id } = stage;
    this.solo.forget(stage);
    this.runners.get(id)?.release();
    if (this.runners.delete(id)) this.tell({ remove: id });
  }

  /** Ends the workers; the team can do nothing afterwards. */
  stop(): void {
    stop(this.control);
  }

  /** Starts the workers when there is something for them to do; nothing waits until they have started. */
  private startWorkers(): void {
    while (this.mailboxes.length < this.threads - 1) {
      this.mailboxes.push(this.start(this.mailboxes.length + 1));
    }
  }

  private start(thread: number): MessagePort {
    const { port1, port2: mailbox } = new MessageChannel();
    const workerData: WorkerStart = {
      memory: this.memory,
      control: this.control,
      words,
      shareBits,
      spins,
      thread,
      mailbox,
    };
    const worker = new Worker(workerSource(this.prepare), {
      eval: true,
      execArgv: [], // the process's own may say that source text is an ES module
      workerData,
      transferList: [mailbox],
    });
    const { failures } = this;
    worker.on("error", (error) => failures.push(error));
    worker.once("online", () => hasEnded(worker)); // which is only known later if it was asked for when it had not
    worker.unref();
    this.workers.push(worker);
    return port1;
  }

  private runnerOf(stage: PortionedStage<Code>): ShareRunner {
    const known = this.runners.get(stage.id);
    if (known) return known;
    const runner = shareRunner(stage, this.prepare, this.tools);
    this.runners.set(stage.id, runner);
    this.tell({ add: stage });
    return runner;
  }

  private tell(message: WorkerMessage): void {
    for (const mailbox of this.mailboxes) mailbox.postMessage(message);
    Atomics.add(this.control, words.mail, 1);
  }

  /** Lets every thread take shares of a stage. */
  private announce({ id, shares }: PortionedStage<Code>): void {
    const { control } = this;
    this.runs++;
    Atomics.store(control, words.finished, 0);
    Atomics.store(control, words.stage, id);
    Atomics.store(control, words.claim, (this.runs << shareBits) | shares);
    Atomics.store(control, words.epoch, this.runs | 0);
    if (Atomics.load(control, words.sleepers) > 0) Atomics.notify(control, words.epoch);
  }

  private nextShare(): number {
    return takeShare(this.control, words.claim, shareBits);
  }

  private waitForOthers(shares: number): void {
    const { control } = this;
    for (let i = 0; i < spins; i++) if (Atomics.load(control, words.finished) === shares) return;
    Atomics.store(control, words.mainSleeps, 1);
    for (;;) {
      const finished = Atomics.load(control, words.finished);
      if (finished === shares) break;
      this.checkWorkers();
      Atomics.wait(control, words.finished, finished, patience);
    }
    Atomics.store(control, words.mainSleeps, 0);
  }

  /** @throws TargetError when a worker has ended: a share that it had taken would be waited for in vain. */
  private checkWorkers(): void {
    if (Atomics.load(this.control, words.ended) === 0 && !this.workers.some(hasEnded)) return;
    const failure = new TargetError(
      "a worker thread ended while it was computing, and its results are lost; compute on a new target, " +
        "and if that happens again, on fewer threads",
    );
    this.failures.push(failure);
    throw failure;
  }

  private failureOfWorker(): { readonly error: unknown } | undefined {
    if (Atomics.exchange(this.control, words.failed, 0) === 0) return undefined;
    const mail = this.mailboxes.flatMap((mailbox) => received(mailbox));
    return { error: mail[0] };
  }
}

/**
 * Whether a thread is gone though the event that says so is still to come: then Node has no times of its event loop any more.
 * A worker that was ended from outside, or by want of memory, is known in no other way while the main thread computes; one
 * that ends by itself sets a word, too.
 */
function hasEnded(worker: Worker): boolean {
  return worker.performance.eventLoopUtilization().idle < 0;
}

function received(mailbox: MessagePort): unknown[] {
  const messages: unknown[] = [];
  for (let mail = receiveMessageOnPort(mailbox); mail; mail = receiveMessageOnPort(mailbox)) {
    messages.push(mail.message);
  }
  return messages;
}

const stopWhenCollected = new FinalizationRegistry(stop);

function stop(control: Int32Array): void {
  Atomics.store(control, words.stop, 1);
  Atomics.add(control, words.epoch, 1);
  Atomics.notify(control, words.epoch);
}
