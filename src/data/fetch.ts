import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { writeFileAtomically } from "./atomic-file.js";
import { DataError } from "./data-error.js";
import type { DataFile, DataSet } from "./manifest.js";
import { mismatch } from "./verified-file.js";

/** How far the download of one file has come. */
export interface FetchProgress {
  readonly file: string;
  readonly address: string;
  /** Bytes so far; starts anew when the next mirror is tried. */
  readonly received: number;
  /** Bytes in all. */
  readonly size: number;
}

/** How to fetch. */
export interface FetchOptions {
  /** Addresses of folders to fetch from, tried in this order. @defaultValue the mirrors of the manifest */
  readonly mirrors?: readonly string[];
  /** Called after each piece that arrives. */
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Stops the download. */
  readonly signal?: AbortSignal;
  /** How often to go through all mirrors before giving up. @defaultValue 2 */
  readonly rounds?: number;
  /** Milliseconds between two rounds. @defaultValue 1000 */
  readonly roundPause?: number;
  /** Milliseconds without a byte after which a mirror counts as failed. @defaultValue 30000 */
  readonly stallTimeout?: number;
}

/**
 * Fetches the files of a data set into a folder; each appears there whole and verified, or not at all.
 *
 * Files that are there and whole are kept, so a fetch that was interrupted goes on where it stopped.
 *
 * @throws DataError when no mirror gives the published bytes or the folder cannot be written;
 *   the signal's reason when aborted
 */
export async function fetchDataSet(
  dataSet: DataSet,
  folder: string,
  options: FetchOptions = {},
): Promise<void> {
  for (const file of dataSet.files) {
    const path = join(folder, file.name);
    if (await isWhole(path, file)) continue;
    const bytes = await fetchFile(file, dataSet, options);
    await writeFileAtomically(path, bytes).catch((cause: NodeJS.ErrnoException) => {
      const reason = cause.code ?? cause.message;
      throw new DataError(`cannot write ${path} (${reason}); make the folder writable, or choose another`, {
        cause,
      });
    });
  }
}

async function isWhole(path: string, file: DataFile): Promise<boolean> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes !== undefined && mismatch(bytes, file) === undefined;
}

async function fetchFile(file: DataFile, dataSet: DataSet, options: FetchOptions): Promise<Uint8Array> {
  const { mirrors = dataSet.mirrors, signal, rounds = 2, roundPause = 1000 } = options;
  const failures = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await pause(roundPause, undefined, { signal }).catch(() => signal?.throwIfAborted());
    for (const mirror of mirrors) {
      signal?.throwIfAborted();
      const address = mirror.replace(/\/?$/, `/${file.name}`);
      try {
        return await download(address, file, options);
      } catch (error) {
        signal?.throwIfAborted();
        failures.add(`${address} (${reasonOf(error)})`);
      }
    }
  }
  throw new DataError(`cannot fetch ${file.name} from ${[...failures].join(" or ")}; ${dataSet.ifOffline}`);
}

/** Downloads one file from one mirror into memory: the largest has 10 MB, and so an interruption leaves nothing. */
async function download(address: string, file: DataFile, options: FetchOptions): Promise<Uint8Array> {
  const { onProgress, signal, stallTimeout = 30_000 } = options;
  const stalled = new AbortController();
  const timer = setTimeout(
    () => stalled.abort(new Error(`no data for ${stallTimeout / 1000} s`)),
    stallTimeout,
  );
  try {
    const signals = signal ? [stalled.signal, signal] : [stalled.signal];
    const response = await fetch(address, {
      signal: AbortSignal.any(signals),
      headers: { "accept-encoding": "identity" }, // the file as published: fetch would unpack it otherwise
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status}`);
    }
    const bytes = new Uint8Array(file.size);
    let received = 0;
    for await (const piece of response.body) {
      timer.refresh();
      if (received + piece.length > file.size) throw new Error(`expected ${file.size} bytes, found more`);
      bytes.set(piece, received);
      received += piece.length;
      onProgress?.({ file: file.name, address, received, size: file.size });
    }
    const problem = mismatch(bytes.subarray(0, received), file);
    if (problem) throw new Error(problem);
    return bytes;
  } finally {
    clearTimeout(timer);
  }
}

/** Node reports a failed connection as "fetch failed"; what went wrong is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  const code = (error.cause as NodeJS.ErrnoException).code;
  return code ?? reasonOf(error.cause);
}
