import { statSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "./data-error.js";
import { packageRoot } from "./package-root.js";

/** A folder, and the name it goes by in a result, which must not depend on the machine. */
export interface Place {
  readonly folder: string;
  readonly name: string;
}

/** Where a data set is kept that was fetched: `data/cache/NAME` of the package. */
export function cacheFolder(name: string): string {
  return join(packageRoot, "data", "cache", name);
}

/** What to look for. */
export interface SearchedData {
  /** Title for errors, such as `MNIST`. */
  readonly title: string;
  /** Name of the data set's folder in `$GLASSBOX_DATA` and in the cache. */
  readonly name: string;
  /** The files that make the set whole. */
  readonly parts: readonly string[];
  /** Says whether a folder has one of the parts. */
  readonly has: (folder: string, part: string) => boolean;
}

/**
 * Looks for a data set in `$GLASSBOX_DATA/NAME`, `$GLASSBOX_DATA` and the cache, in this order.
 *
 * @throws DataError when `GLASSBOX_DATA` is no folder, or holds some of the parts only
 */
export function findPlace(data: SearchedData, cache: string): Place | undefined {
  const given = givenPlaces(data.name);
  for (const place of [...given, cachePlace(data.name, cache)]) {
    const missing = data.parts.filter((part) => !data.has(place.folder, part));
    if (missing.length === 0) return place;
    // a half-filled cache is a fetch that stopped; a half-filled folder of the user's is a mistake
    if (missing.length < data.parts.length && given.includes(place)) {
      throw new DataError(`${place.folder} holds only a part of ${data.title}: add ${missing.join(", ")}`);
    }
  }
  return undefined;
}

/** The cache as a place: the package's goes by its name within the package. */
export function cachePlace(name: string, cache: string): Place {
  return { folder: cache, name: cache === cacheFolder(name) ? `data/cache/${name}` : cache };
}

function givenPlaces(name: string): Place[] {
  const folder = process.env.GLASSBOX_DATA;
  if (!folder) return [];
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DataError(`GLASSBOX_DATA is set to ${folder}, which is no folder; correct or unset it`);
  }
  return [
    { folder: join(folder, name), name: `$GLASSBOX_DATA/${name}` },
    { folder, name: "$GLASSBOX_DATA" },
  ];
}
