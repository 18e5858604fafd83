import { constants } from "node:fs";
import { access, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { writeFileAtomically } from "../data/atomic-file.js";
import { packageRoot } from "../data/package-root.js";
import { type ExperimentName, type ExperimentRows, experiments } from "./experiments.js";
import { isResultRow, type ResultRow } from "./result-row.js";

/** The folder of the rows that come with glassbox. */
export const committedResults = join(packageRoot, "data", "results");

/** A result could not be written or read; the message names the file. */
export class ResultError extends Error {
  override readonly name = "ResultError";
}

/**
 * Makes sure before a long run that its result can probably be written; makes nothing.
 *
 * @throws ResultError naming the file.
 */
export async function requireWritable(path: string): Promise<void> {
  const place = await existing(resolve(path));
  const isTarget = place.path === resolve(path);
  if (isTarget && place.isFolder) throw notWritten(path, "it is a folder; give the name of a file");
  if (!isTarget && !place.isFolder) throw notWritten(path, `${place.path} is no folder`);
  await access(place.isFolder ? place.path : dirname(place.path), constants.W_OK).catch((error: Error) => {
    throw notWritten(path, error.message);
  });
}

/** The path itself, or the nearest folder above that exists. */
async function existing(path: string): Promise<{ readonly path: string; readonly isFolder: boolean }> {
  const found = await stat(path).catch(() => undefined);
  return found ? { path, isFolder: found.isDirectory() } : existing(dirname(path));
}

/**
 * Writes a row, whole or not at all; an earlier file is replaced only by a complete one.
 *
 * @throws ResultError naming the file.
 */
export async function writeRow(path: string, row: ResultRow): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(row)}\n`).catch((error: Error) => {
    throw notWritten(path, error.message);
  });
}

function notWritten(path: string, reason: string): ResultError {
  return new ResultError(`the result could not be written to ${path}: ${reason}`);
}

/**
 * Reads all rows of an experiment below a folder, in the order of their file names.
 *
 * @throws ResultError naming the file that is no row.
 */
export async function readRows<Name extends ExperimentName>(
  experiment: Name,
  folder: string = committedResults,
): Promise<ExperimentRows[Name][]> {
  const rows = await readAllRows(folder);
  return rows.filter((row): row is ExperimentRows[Name] => row.experiment === experiment);
}

/**
 * Reads the rows of all experiments below a folder, in the order of their file names. Charts, whose names end with
 * ".vl.json", may stand among them.
 *
 * @throws ResultError naming the file that is no row, or the folder that cannot be read.
 */
export async function readAllRows(
  folder: string,
  { missingFolder = "is an error" }: { readonly missingFolder?: "is an error" | "is empty" } = {},
): Promise<ResultRow[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && missingFolder === "is empty") return [];
    throw new ResultError(`results cannot be read from ${folder}: ${error.message}`);
  });
  const files = names.filter((name) => name.endsWith(".json") && !name.endsWith(".vl.json")).sort();
  return Promise.all(files.map((name) => readRow(join(folder, name))));
}

async function readRow(path: string): Promise<ResultRow> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new ResultError(`the result ${path} cannot be read: ${error.message}`);
  });
  const row = parsed(text);
  if (isResultRow(row) && isMeasured(row)) return row;
  throw new ResultError(
    `${path} is not a result row: it must hold one JSON object written by "glassbox run"`,
  );
}

/** Whether a row has what its experiment measures; that of an experiment unknown here is not looked into. */
function isMeasured(row: ResultRow): boolean {
  if (!Object.hasOwn(experiments, row.experiment)) return true;
  const { measures } = experiments[row.experiment as ExperimentName];
  return measures.every(({ field }) => typeof row[field as keyof ResultRow] === "number");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
