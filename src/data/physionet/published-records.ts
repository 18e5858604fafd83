import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../atomic-file.js";
import { findPlace, type SearchedData } from "../data-places.js";
import { type FetchOptions, fetchDataSet } from "../fetch.js";
import { readManifest } from "../manifest.js";
import { normalisedRecords } from "./normalised-records.js";
import type { PatientRecords } from "./patient-records.js";
import { readPhysionet, type UnknownWeight } from "./read-physionet.js";
import { findRecordSet } from "./record-files.js";
import { decodeRecords, encodeRecords } from "./records-cache.js";

/** The name of the data set's folder, in `$GLASSBOX_DATA` and in the cache. */
export const physionetFolder = "physionet2012";

/** To be raised when the same files would give other records: what is cached is then made anew. */
const cacheVersion = 1;

/** How to get the published records. */
interface PublishedOptions {
  readonly unknownWeight: UnknownWeight;
  readonly cache: string;
  /** Fetches the archives if they are not at hand; without it they are not looked for over the network. */
  readonly fetch?: FetchOptions;
}

/**
 * The published records, all of them, or undefined when they are not at hand and not to be fetched.
 *
 * What was read once is kept in compact form in the cache, so that the next time takes a tenth. Only records whose
 * content was checked get there, so it does not matter which files they came from.
 *
 * @throws DataError when files are missing, damaged or malformed, or a damaged cache cannot be made anew
 */
export async function publishedRecords(options: PublishedOptions): Promise<PatientRecords | undefined> {
  const { unknownWeight, cache, fetch } = options;
  const dataSet = readManifest().physionet2012;
  const place = findPlace(searchedSets(), cache);
  const path = join(cache, `hourly-means-${unknownWeight}.bin`);
  const key = [cacheVersion, unknownWeight, ...dataSet.records.map(({ sha256 }) => sha256)].join(" ");
  let damage: unknown;
  try {
    const packed = await readFile(path).catch(() => undefined);
    if (packed) return decodeRecords(packed, key, path);
  } catch (error) {
    damage = error;
  }
  if (!place && !fetch) {
    if (damage) throw damage;
    return undefined;
  }
  if (!place) await fetchDataSet(dataSet, cache, fetch);
  const records = normalisedRecords(await readPhysionet(place?.folder ?? cache, unknownWeight, dataSet), {
    source: "physionet2012",
    description: "PhysioNet 2012, sets A and B",
  });
  // where the cache cannot be written, the files are read each time
  await writeFileAtomically(path, encodeRecords(records, key)).catch(() => undefined);
  return records;
}

function searchedSets(): SearchedData {
  return {
    title: "PhysioNet 2012",
    name: physionetFolder,
    parts: readManifest().physionet2012.records.map((set) => set.name),
    has: (folder, set) => findRecordSet(folder, set) !== undefined,
  };
}
