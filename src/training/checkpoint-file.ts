import { readFile } from "node:fs/promises";
import { removeUnfinished, writeFileAtomically } from "../data/atomic-file.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.js";
import { firstDifference } from "./configuration-difference.js";

/** Where and how often a training is kept. */
export interface CheckpointOptions {
  /** A safetensors file; folders on the way are made. */
  readonly path: string;
  /** Seconds from one checkpoint to the next. @defaultValue 60, unless `everyIterations` is given */
  readonly everySeconds?: number;
  /** Iterations from one checkpoint to the next. @defaultValue not counted */
  readonly everyIterations?: number;
  /** What else tells this training from others, as plain data: compared before it goes on. @defaultValue nothing */
  readonly configuration?: unknown;
}

/** A checkpoint cannot be used or written; the message names the file, says why, and what to do. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** The checkpoint of one training: always one whole file, whenever the process ends. */
export class CheckpointFile {
  private readonly path: string;
  private readonly everySeconds: number;
  private readonly everyIterations: number;
  private writtenAt = performance.now();
  private lastIteration = 0;

  /** @throws RangeError when an interval is not positive. */
  constructor(
    { path, everySeconds, everyIterations }: CheckpointOptions,
    private readonly configuration: Checkpoint["configuration"],
  ) {
    this.path = path;
    this.everySeconds = everySeconds ?? (everyIterations === undefined ? 60 : Number.POSITIVE_INFINITY);
    this.everyIterations = everyIterations ?? Number.POSITIVE_INFINITY;
    for (const [name, value] of Object.entries({ everySeconds, everyIterations })) {
      if (value === undefined || value > 0) continue;
      throw new RangeError(`train: checkpoint.${name} must be positive, got ${value}`);
    }
  }

  /**
   * What there is to go on from; undefined when there is nothing.
   *
   * @throws CheckpointError when the file is damaged, or another training's, or there although the training is to begin anew.
   */
  async open(resume: boolean): Promise<Checkpoint | undefined> {
    const { path } = this;
    await removeUnfinished(path);
    const checkpoint = await readIfThere(path);
    if (!checkpoint) return undefined;
    if (!resume) {
      throw new CheckpointError(`there is a checkpoint at ${path} already; resume from it, or remove it`);
    }
    const difference = firstDifference(checkpoint.configuration, this.configuration);
    if (difference) {
      const { field, found, expected } = difference;
      throw new CheckpointError(
        `the checkpoint ${path} is another training's: its ${field} is ${found}, this one's is ${expected}; ` +
          "choose another file, or train as it was begun",
      );
    }
    this.lastIteration = checkpoint.snapshot.iteration;
    return checkpoint;
  }

  /** Whether it is time for a checkpoint after an iteration; the last one is written in any case. */
  isDue(iteration: number, isLast: boolean): boolean {
    const iterations = iteration - this.lastIteration;
    const seconds = (performance.now() - this.writtenAt) / 1000;
    return iterations > 0 && (isLast || iterations >= this.everyIterations || seconds >= this.everySeconds);
  }

  /**
   * Replaces the file by a new one, whole.
   *
   * @throws CheckpointError when it cannot be written.
   */
  async write(checkpoint: Omit<Checkpoint, "configuration">): Promise<void> {
    const { path } = this;
    const bytes = encodeCheckpoint({ ...checkpoint, configuration: this.configuration });
    await writeFileAtomically(path, bytes).catch((cause: Error) => {
      throw new CheckpointError(`the checkpoint ${path} could not be written: ${cause.message}`, { cause });
    });
    this.lastIteration = checkpoint.snapshot.iteration;
    this.writtenAt = performance.now();
  }
}

/**
 * Reads a checkpoint: its parameters, and all else that a training needs to go on.
 *
 * @throws CheckpointError when there is none, or it is damaged.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const checkpoint = await readIfThere(path);
  if (!checkpoint) throw new CheckpointError(`there is no checkpoint at ${path}`);
  return checkpoint;
}

async function readIfThere(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new CheckpointError(`the checkpoint ${path} cannot be read: ${cause.message}`, { cause });
  });
  if (!bytes) return undefined;
  try {
    return decodeCheckpoint(bytes);
  } catch (cause) {
    const { message } = cause as Error;
    throw new CheckpointError(`the checkpoint ${path} is damaged: ${message}; remove it to begin anew`, {
      cause,
    });
  }
}
