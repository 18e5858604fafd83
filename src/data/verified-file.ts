import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "./data-error.js";
import type { DataFile, DataSet } from "./manifest.js";

/** Says how bytes differ from the published file, or gives undefined when they are that file. */
export function mismatch(bytes: Uint8Array, file: DataFile): string | undefined {
  if (bytes.length !== file.size) return `expected ${file.size} bytes, found ${bytes.length}`;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return sha256 === file.sha256 ? undefined : `expected SHA-256 ${file.sha256}, found ${sha256}`;
}

/**
 * Reads a file of a data set from a folder, and only ever returns the bytes that were published.
 *
 * @throws DataError that names the path, what was expected and what was found
 */
export async function readVerifiedFile(
  folder: string,
  file: DataFile,
  dataSet: DataSet,
): Promise<Uint8Array> {
  const path = join(folder, file.name);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const found =
      cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code ?? cause.message})`;
    throw new DataError(`${path} ${found}: expected ${file.size} bytes; ${dataSet.ifDamaged}`, { cause });
  });
  const problem = mismatch(bytes, file);
  if (problem) throw new DataError(`${path} is damaged: ${problem}; ${dataSet.ifDamaged}`);
  return bytes;
}
