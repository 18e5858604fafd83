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

/** Every data set that glassbox reads from files. */
export interface Manifest {
  readonly mnist: DataSet;
  readonly embeddedDigits: DataSet;
}

/** Reads `data/manifest.json` of the package. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(packageRoot, "data", "manifest.json"), "utf8")) as Manifest;
}
