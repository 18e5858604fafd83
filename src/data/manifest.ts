import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** One published file: its name and what its bytes must be. */
export interface DataFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/** One data set of the manifest: its files, where they are published, and on what terms. */
export interface DataSet {
  /** One line that says what the set is. */
  readonly title: string;
  /** Addresses of folders that publish every file; tried in this order. */
  readonly mirrors: readonly string[];
  readonly files: readonly DataFile[];
  /** What to do when the files cannot be had: the end of the sentence of an error. */
  readonly ifOffline: string;
  /** What to do when a file is damaged: the end of the sentence of an error. */
  readonly ifDamaged: string;
  readonly licence: string;
  readonly citation: string;
}

/** One of the sets of records that make up a data set of patients. */
export interface RecordSet {
  /** Of its folder, and of its archive without the ending, such as `set-a`. */
  readonly name: string;
  /** Files in it, one a record. */
  readonly count: number;
  /** What `sha256sum *.txt | sha256sum` gives in its folder: SHA-256 of the files' SHA-256, in hexadecimal. */
  readonly sha256: string;
}

/** A data set of patients, whose records are known by their content, however they are packed. */
export interface PatientDataSet extends DataSet {
  readonly records: readonly RecordSet[];
}

/** Every data set that glassbox reads from files. */
export interface Manifest {
  readonly mnist: DataSet;
  readonly embeddedDigits: DataSet;
  readonly physionet2012: PatientDataSet;
}

/** Reads `data/manifest.json` of the package. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(packageRoot, "data", "manifest.json"), "utf8")) as Manifest;
}
