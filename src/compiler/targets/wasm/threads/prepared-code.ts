import type { ArgumentBlock } from "../argument-block.js";

/** What a thread has for code that is made ready on it. */
export interface ThreadTools {
  /** The memory that all threads compute in. */
  readonly memory: { readonly buffer: ArrayBufferLike };
  /** The value of a JavaScript expression. */
  readonly evaluate: (source: string) => unknown;
  /** A CommonJS module, by the path of its file. */
  readonly load: (path: string) => unknown;
}

/** Code that is ready to run on one thread. */
export interface PreparedCode {
  /** Computes what the argument block at the start of a scratch area names. */
  run(scratch: number): void;
  /** Gives back what the thread holds for it. */
  release(): void;
}

/**
 * Makes code, which is plain data, ready to run on the calling thread.
 *
 * Workers get such a function as source text: it must refer to nothing outside itself.
 */
export type Prepare<Code> = (code: Code, tools: ThreadTools) => PreparedCode;

/** A graph as code that every thread can be given. */
export interface PortableGraph<Code> {
  readonly code: Code;
  /** What was generated: a module, or a model. */
  readonly bytes: Uint8Array;
  /** Whether other threads than the calling one can run it. */
  readonly runsAnywhere: boolean;
  readonly block: ArgumentBlock;
  /** Bytes of the scratch area, at whose start the argument block lies. */
  readonly scratchBytes: number;
  /** Gives back what it holds in the target's memory. */
  release(): void;
}
