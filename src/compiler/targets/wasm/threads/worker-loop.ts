import type { MessagePort } from "node:worker_threads";
import type { ControlWords } from "./control-words.js";
import type { PortionedStage, ShareRunner, shareRunner } from "./portioned-stage.js";
import type { Prepare, ThreadTools } from "./prepared-code.js";
import type { takeShare } from "./take-share.js";

/** What a worker starts with. */
export interface WorkerStart {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly control: Int32Array;
  readonly words: ControlWords;
  readonly shareBits: number;
  /** How often to look for work before going to sleep. */
  readonly spins: number;
  /** Which thread this is; the main thread is number 0. */
  readonly thread: number;
  readonly mailbox: MessagePort;
}

/** What workers are told between stages: a stage that they will be asked to run, or never will be again. */
export type WorkerMessage = { readonly add: PortionedStage } | { readonly remove: number };

/** Functions that the loop is given, since it may refer to nothing outside itself. */
export interface WorkerTools extends Omit<ThreadTools, "memory"> {
  readonly receive: (mailbox: MessagePort) => { readonly message: WorkerMessage } | undefined;
  readonly makeRunner: typeof shareRunner;
  readonly takeShare: typeof takeShare;
  readonly prepare: Prepare<unknown>;
}

/**
 * Takes shares of whatever stage is under way, until told to stop: all that a worker does.
 *
 * It never returns to its event loop, and fetches its mail itself. Workers get this function as source text: it must refer
 * to nothing outside itself.
 */
export function workerLoop(
  { memory, control, words, shareBits, spins, thread, mailbox }: WorkerStart,
  { receive, makeRunner, takeShare, prepare, evaluate, load }: WorkerTools,
): void {
  const tools: ThreadTools = { memory, evaluate, load };
  const stages = new Map<number, PortionedStage>();
  const runners = new Map<number, ShareRunner>();
  let mailSeen = 0;
  let epoch = 0;

  const readMail = (): void => {
    mailSeen = Atomics.load(control, words.mail);
    for (let mail = receive(mailbox); mail; mail = receive(mailbox)) {
      const { message } = mail;
      if ("add" in message) {
        stages.set(message.add.id, message.add);
      } else {
        runners.get(message.remove)?.release();
        stages.delete(message.remove);
        runners.delete(message.remove);
      }
    }
  };
  const runnerOf = (id: number): ShareRunner => {
    const runner = runners.get(id) ?? makeRunner(stages.get(id) as PortionedStage, prepare, tools);
    runners.set(id, runner);
    return runner;
  };
  const waitForWork = (): void => {
    for (let i = 0; i < spins; i++) if (Atomics.load(control, words.epoch) !== epoch) return;
    Atomics.add(control, words.sleepers, 1);
    Atomics.wait(control, words.epoch, epoch);
    Atomics.sub(control, words.sleepers, 1);
  };
  const nextShare = (): number => takeShare(control, words.claim, shareBits);
  const computeShare = (share: number): void => {
    try {
      if (Atomics.load(control, words.mail) !== mailSeen) readMail();
      runnerOf(Atomics.load(control, words.stage)).run(share, thread);
    } catch (error) {
      mailbox.postMessage(error);
      Atomics.store(control, words.failed, 1);
    }
    Atomics.add(control, words.finished, 1);
    if (Atomics.load(control, words.mainSleeps)) Atomics.notify(control, words.finished);
  };

  process.once("exit", () => {
    Atomics.store(control, words.ended, 1);
    Atomics.notify(control, words.finished);
  });
  while (Atomics.load(control, words.stop) === 0) {
    waitForWork();
    epoch = Atomics.load(control, words.epoch);
    for (let share = nextShare(); share >= 0; share = nextShare()) computeShare(share);
    if (Atomics.load(control, words.mail) !== mailSeen) readMail();
  }
  mailbox.close();
}
