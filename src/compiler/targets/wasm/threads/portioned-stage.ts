import type { Prepare, PreparedCode, ThreadTools } from "./prepared-code.js";

/**
 * A program that is run portion by portion of the rows of a batch, as every thread has to know it. Plain data, posted to
 * workers as it is; what differs from run to run lies in memory that all threads see.
 *
 * The rows come in chunks of `chunkRows`, of which the last may be shorter, and consecutive chunks in `shares`. A share is
 * computed by one thread, chunk after chunk; where chunks add to a running result, each share has one of its own.
 */
export interface PortionedStage<Code = unknown> {
  readonly id: number;
  readonly rows: number;
  readonly chunkRows: number;
  readonly shares: number;
  /** Computes `chunkRows` rows. */
  readonly code: Code;
  /** Computes the last, shorter chunk, where there is one. */
  readonly lastCode?: Code;
  /** Bytes from the start of a scratch area to the scalars, and to the addresses, that the code reads there. */
  readonly scalarsAt: number;
  readonly addressesAt: number;
  /** For each address, by how much it advances with each row, and with each share. */
  readonly rowBytes: readonly number[];
  readonly shareBytes: readonly number[];
  /** Where inputs and outputs lie, in order. */
  readonly addresses: Uint32Array;
  readonly scalars: Float64Array;
  /** For each thread, where a scratch area lies that no other uses meanwhile. */
  readonly scratch: Uint32Array;
}

/** A stage that is ready to run on one thread. */
export interface ShareRunner {
  /** Computes one share; `thread` is the number of the one that calls. */
  run(share: number, thread: number): void;
  /** Gives back what the thread holds for the stage. */
  release(): void;
}

/**
 * Makes a stage ready to run on this thread.
 *
 * Workers get this function as source text: it must refer to nothing outside itself.
 */
export function shareRunner<Code>(
  stage: PortionedStage<Code>,
  prepare: Prepare<Code>,
  tools: ThreadTools,
): ShareRunner {
  const { memory } = tools;
  const { rows, chunkRows, shares, addresses, scalars, rowBytes, shareBytes } = stage;
  const code = prepare(stage.code, tools);
  const last: PreparedCode = stage.lastCode === undefined ? code : prepare(stage.lastCode, tools);
  const chunks = Math.ceil(rows / chunkRows);
  let int32 = new Int32Array(memory.buffer);
  let float64 = new Float64Array(memory.buffer);
  const run = (share: number, thread: number): void => {
    const scratch = stage.scratch[thread];
    const scalarsAt = (scratch + stage.scalarsAt) >>> 3;
    const addressesAt = (scratch + stage.addressesAt) >>> 2;
    // that another thread has made the memory grow is not seen at once
    while (int32.length < addressesAt + addresses.length) {
      int32 = new Int32Array(memory.buffer);
      float64 = new Float64Array(memory.buffer);
    }
    for (let i = 0; i < scalars.length; i++) float64[scalarsAt + i] = scalars[i];
    const end = Math.floor(((share + 1) * chunks) / shares);
    for (let chunk = Math.floor((share * chunks) / shares); chunk < end; chunk++) {
      const first = chunk * chunkRows;
      for (let i = 0; i < addresses.length; i++) {
        int32[addressesAt + i] = addresses[i] + first * rowBytes[i] + share * shareBytes[i];
      }
      if (first + chunkRows > rows) last.run(scratch);
      else code.run(scratch);
    }
  };
  const release = (): void => {
    code.release();
    if (last !== code) last.release();
  };
  return { run, release };
}
