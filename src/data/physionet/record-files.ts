import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { DataError } from "../data-error.js";
import { parseTar } from "./tar.js";

/** One record's file as it was published. */
export interface RecordFile {
  /** Such as `132539.txt`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where a set lies in a folder: `set-a.tar.gz`, else the unpacked folder `set-a`; undefined when neither is there. */
export function findRecordSet(folder: string, set: string): string | undefined {
  return [join(folder, `${set}.tar.gz`), join(folder, set)].find((path) => existsSync(path));
}

/**
 * Goes through the files of one set, from an archive or an unpacked folder; what is no `.txt` is passed over.
 *
 * @param path what {@link findRecordSet} found
 * @param advice what to do about damage: the end of the sentence of an error
 * @throws DataError when the path cannot be read or the archive is damaged
 */
export async function* recordFiles(path: string, advice: string): AsyncGenerator<RecordFile> {
  if (path.endsWith(".tar.gz")) {
    for (const file of parseTar(await unpack(path, advice), path)) {
      const name = basename(file.name);
      if (name.endsWith(".txt")) yield { name, bytes: file.bytes };
    }
    return;
  }
  const names = await readdir(path).catch((cause: NodeJS.ErrnoException) => unreadable(path, cause, advice));
  for (const name of names.filter((entry) => entry.endsWith(".txt"))) {
    const file = join(path, name);
    yield {
      name,
      bytes: await readFile(file).catch((cause: NodeJS.ErrnoException) => unreadable(file, cause, advice)),
    };
  }
}

/** A set has 31 MB unpacked: it is held whole, one set at a time. */
async function unpack(path: string, advice: string): Promise<Uint8Array> {
  const compressed = await readFile(path).catch((cause: NodeJS.ErrnoException) =>
    unreadable(path, cause, advice),
  );
  return promisify(gunzip)(compressed).catch((cause: Error) => {
    throw new DataError(`${path} is damaged: expected gzip, found ${cause.message}; ${advice}`, { cause });
  });
}

function unreadable(path: string, cause: NodeJS.ErrnoException, advice: string): never {
  throw new DataError(`${path} cannot be read (${cause.code ?? cause.message}); ${advice}`, { cause });
}
