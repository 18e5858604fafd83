import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../data/atomic-file.js";
import { packageRoot } from "../data/package-root.js";
import type { ResultRow } from "./result-row.js";

/** The folder of the rows that come with glassbox. */
export const committedResults = join(packageRoot, "data", "results");

/** A result could not be written or read; the message names the file. */
export class ResultError extends Error {
  override readonly name = "ResultError";
}

/**
 * Writes a row, whole or not at all; an earlier file is replaced only by a complete one.
 *
 * @throws ResultError naming the file.
 */
export async function writeRow(path: string, row: ResultRow): Promise<void> {
  try {
    await writeFileAtomically(path, `${JSON.stringify(row)}\n`);
  } catch (error) {
    throw new ResultError(`the result could not be written to ${path}: ${(error as Error).message}`);
  }
}

/**
 * Reads all rows of an experiment below a folder, in the order of their file names.
 *
 * @throws ResultError naming the file that is no row.
 */
export async function readRows(experiment: string, folder: string = committedResults): Promise<ResultRow[]> {
  if (!existsSync(folder)) throw new ResultError(`there is no folder ${folder} to read results from`);
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".json")).sort();
  const rows = await Promise.all(files.map((name) => readRow(join(folder, name))));
  return rows.filter((row) => row.experiment === experiment);
}

async function readRow(path: string): Promise<ResultRow> {
  const text = await readFile(path, "utf8");
  try {
    const row = JSON.parse(text) as ResultRow;
    if (typeof row.experiment === "string" && typeof row.configuration === "string") return row;
  } catch {
    // the sentence below says what is wrong
  }
  throw new ResultError(
    `${path} is not a result row: it must hold one JSON object written by "glassbox run"`,
  );
}
