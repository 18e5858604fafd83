import type { WebAssemblyModule } from "../web-assembly.js";

/**
 * A program that is run portion by portion of the rows of a batch, as every thread has to know it. Plain data, posted to
 * workers as it is; what differs from run to run lies in memory that all threads see.
 *
 * The rows come in chunks of `chunkRows`, of which the last may be shorter, and consecutive chunks in `shares`. A share is
 * computed by one thread, chunk after chunk; where chunks add to a running result, each share has one of its own.
 */
export interface PortionedStage {
  readonly id: number;
  readonly rows: number;
  readonly chunkRows: number;
  readonly shares: number;
  /** Computes `chunkRows` rows. */
  readonly module: WebAssemblyModule;
  /** Computes the last, shorter chunk, where there is one. */
  readonly lastModule?: WebAssemblyModule;
  /** Source of the functions that the modules import, by name. */
  readonly imports: Readonly<Record<string, string>>;
  /** Bytes from the start of a scratch area to the scalars, and to the addresses, that a module reads there. */
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

/** Computes one share on the given thread. */
export type ShareRunner = (share: number, thread: number) => void;

/**
 * Makes a stage ready to run on this thread.
 *
 * Workers get this function as source text: it must refer to nothing outside itself.
 */
export function shareRunner(
  stage: PortionedStage,
  memory: { readonly buffer: ArrayBufferLike },
  evaluate: (source: string) => unknown,
): ShareRunner {
  type Run = (scratch: number) => void;
  type Instance = new (module: object, imports: object) => { readonly exports: { readonly run: Run } };
  const { Instance } = (globalThis as unknown as { WebAssembly: { Instance: Instance } }).WebAssembly;
  const { rows, chunkRows, shares, addresses, scalars, rowBytes, shareBytes } = stage;
  const functions = Object.entries(stage.imports).map(([name, source]) => [name, evaluate(source)]);
  const env = { memory, ...Object.fromEntries(functions) };
  const run = new Instance(stage.module, { env }).exports.run;
  const runLast = stage.lastModule ? new Instance(stage.lastModule, { env }).exports.run : run;
  const chunks = Math.ceil(rows / chunkRows);
  let int32 = new Int32Array(memory.buffer);
  let float64 = new Float64Array(memory.buffer);
  return (share, thread) => {
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
      if (first + chunkRows > rows) runLast(scratch);
      else run(scratch);
    }
  };
}
