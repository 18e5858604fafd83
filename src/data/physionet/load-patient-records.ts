import { cacheFolder } from "../data-places.js";
import type { FetchOptions } from "../fetch.js";
import { generatedCount, generateRecords } from "./generate-records.js";
import { type PatientRecords, selectRecords } from "./patient-records.js";
import { physionetFolder, publishedRecords } from "./published-records.js";
import type { UnknownWeight } from "./read-physionet.js";

/** Which records to load. */
export interface PatientRecordsOptions {
  /**
   * `physionet2012`: the published ones, fetched if they are not at hand; `generated`: made-up ones; `auto`: the
   * published ones if they are at hand, else made-up ones, never over the network. @defaultValue "auto"
   */
  readonly set?: "physionet2012" | "generated" | "auto";
  /** Keep only the first records; they are normalised as all are. @defaultValue all of them */
  readonly limit?: number;
  /**
   * Whether the weight -1, which stands for "unknown", counts as observed. @defaultValue "keep", as in the code behind the
   * tables of Kelly et al. (arXiv 2007.04504) and those who took their data over
   */
  readonly unknownWeight?: UnknownWeight;
  /** Folder for fetched archives and for the records in compact form. @defaultValue `data/cache/physionet2012` of the package */
  readonly cache?: string;
  /** How to fetch: mirrors, progress, a signal that stops it. */
  readonly fetch?: FetchOptions;
}

/**
 * Loads records of intensive care: sets A and B of the PhysioNet challenge of 2012 from `$GLASSBOX_DATA/physionet2012`,
 * `$GLASSBOX_DATA` or the cache, else made-up records, which `source` and `description` say.
 *
 * Damaged or malformed files are an error and never lead to another set.
 *
 * @throws DataError that names the file, the lines or the mirrors and says what to do; the signal's reason when aborted
 */
export async function loadPatientRecords(options: PatientRecordsOptions = {}): Promise<PatientRecords> {
  const { set = "auto", limit, unknownWeight = "keep" } = options;
  checkChoice("set", set, ["physionet2012", "generated", "auto"]);
  checkChoice("unknownWeight", unknownWeight, ["keep", "drop"]);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    throw new RangeError(`loadPatientRecords: limit must be a whole number of at least 1, got ${limit}`);
  }
  if (set !== "generated") {
    const { cache = cacheFolder(physionetFolder), fetch = {} } = options;
    const mayFetch = set === "physionet2012" ? fetch : undefined;
    const records = await publishedRecords({ unknownWeight, cache, fetch: mayFetch });
    if (records) return firstRecords(records, unknownWeight, limit);
  }
  return generateRecords(Math.min(limit ?? generatedCount, generatedCount));
}

function firstRecords(
  all: PatientRecords,
  unknownWeight: UnknownWeight,
  limit: number = all.count,
): PatientRecords {
  const count = Math.min(limit, all.count);
  const [part, whole] = [count, all.count].map((number) => number.toLocaleString("en-US"));
  const amount = part === whole ? whole : `the first ${part} of ${whole}`;
  const weights = unknownWeight === "keep" ? "kept as published" : "left out";
  const description = `PhysioNet 2012: ${amount} stays of sets A and B, weights of -1 ${weights}`;
  const positions = Array.from({ length: count }, (_, i) => i);
  return { ...(count === all.count ? all : selectRecords(all, positions)), description };
}

function checkChoice(option: string, choice: string, choices: readonly string[]): void {
  if (choices.includes(choice)) return;
  throw new RangeError(`loadPatientRecords: ${option} must be one of ${choices.join(", ")}, got "${choice}"`);
}
