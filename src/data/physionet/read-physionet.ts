import { createHash } from "node:crypto";
import { DataError } from "../data-error.js";
import { type PatientDataSet, type RecordSet, readManifest } from "../manifest.js";
import { type HourlyMeans, hourlyMeans } from "./hourly-means.js";
import { type Observation, parseRecord } from "./parse-record.js";
import { patientVariables } from "./patient-variables.js";
import { findRecordSet, recordFiles } from "./record-files.js";

/**
 * What to do with the weight -1, which stands for "unknown" in 673 of the 8,000 records: `keep` takes it for a weight
 * of -1 kg, as the codes of Rubanova et al. and Kelly et al. do; `drop` leaves it unobserved.
 */
export type UnknownWeight = "keep" | "drop";

/** How many malformed lines an error shows. */
const shownFaults = 5;

const weight = patientVariables.findIndex(({ name }) => name === "Weight");

/**
 * Reads sets A and B of the PhysioNet challenge of 2012 from a folder, record by record in the order of their RecordIDs.
 *
 * The records must be the published ones, whether they come in PhysioNet's archives, in others or unpacked: the
 * SHA-256 of all files' SHA-256 is compared (`sha256sum *.txt | sha256sum` in the folder of a set gives the same).
 *
 * @throws DataError when a set is missing, an archive damaged, a line malformed or a record not the published one
 */
export async function readPhysionet(
  folder: string,
  unknownWeight: UnknownWeight,
  dataSet: PatientDataSet = readManifest().physionet2012,
): Promise<HourlyMeans[]> {
  const records: HourlyMeans[] = [];
  for (const set of dataSet.records) records.push(...(await readSet(folder, set, unknownWeight, dataSet)));
  return records.sort((a, b) => a.id - b.id);
}

async function readSet(
  folder: string,
  set: RecordSet,
  unknownWeight: UnknownWeight,
  { ifDamaged }: PatientDataSet,
): Promise<HourlyMeans[]> {
  const path = findRecordSet(folder, set.name);
  if (path === undefined)
    throw new DataError(`${folder} has no ${set.name}.tar.gz and no folder ${set.name}; ${ifDamaged}`);
  const records = new Map<number, HourlyMeans>();
  const checksums: string[] = [];
  const faults: string[] = [];
  for await (const { name, bytes } of recordFiles(path, ifDamaged)) {
    const { id, observations, faults: found } = parseRecord(Buffer.from(bytes).toString("latin1"), name);
    faults.push(...found);
    if (records.has(id)) faults.push(`${name}: expected one file of record ${id}, found another`);
    const known = unknownWeight === "keep" ? observations : observations.filter(isKnown);
    records.set(id, hourlyMeans(id, known));
    checksums.push(`${sha256(bytes)}  ${name}\n`);
  }
  refuseFaults(path, faults, ifDamaged);
  refuseOthers(path, set, checksums, ifDamaged);
  return [...records.values()];
}

/** The first weight of a record, at 00:00, is -1 when nobody knew it. */
function isKnown({ feature, value }: Observation): boolean {
  return feature !== weight || value !== -1;
}

function refuseFaults(path: string, faults: readonly string[], advice: string): void {
  if (faults.length === 0) return;
  const more = faults.length > shownFaults ? [`and ${faults.length - shownFaults} more`] : [];
  const shown = [...faults.slice(0, shownFaults), ...more].join("; ");
  const places = faults.length === 1 ? "1 place" : `${faults.length} places`;
  throw new DataError(`${path} is malformed in ${places}: ${shown}; ${advice}`);
}

function refuseOthers(path: string, set: RecordSet, checksums: readonly string[], advice: string): void {
  if (checksums.length !== set.count) {
    throw new DataError(`${path}: expected ${set.count} records, found ${checksums.length}; ${advice}`);
  }
  // a name ends in its line, so that sorting the names sorts the lines by the name alone
  const names = [...checksums].sort((a, b) => (a.slice(64) < b.slice(64) ? -1 : 1));
  const found = sha256(names.join(""));
  if (found === set.sha256) return;
  throw new DataError(
    `${path} does not hold the published records: expected SHA-256 ${set.sha256}, found ${found}; ${advice}`,
  );
}

function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
