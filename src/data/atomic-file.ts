import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** How the name of a file ends that is being written. */
const unfinishedEnd = ".part";

/**
 * Writes a file whole or not at all: readers see the earlier file until the new one is complete on disk.
 *
 * Folders on the way are made. When writing fails, the earlier file is untouched and nothing is left beside it.
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}${unfinishedEnd}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(unfinished, content, { flush: true });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Removes what is left beside a file of attempts to write it that were killed. Nobody else may be writing it. */
export async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const isUnfinished = (name: string): boolean =>
    name.startsWith(`${basename(path)}.`) && name.endsWith(unfinishedEnd);
  await Promise.all(names.filter(isUnfinished).map((name) => rm(join(folder, name), { force: true })));
}
