import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/commands.mjs";

/**
 * A code cell; `index` counts all cells of the notebook from 0, as the notebook runner does.
 *
 * @typedef {{ index: number, source: string }} Cell
 */

/** @param {string} file */
export function readNotebook(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * The code cells of a notebook.
 *
 * @param {string} file
 * @returns {Cell[]}
 */
export function readCells(file) {
  /** @type {{ cells: { cell_type: string, source: string | string[] }[] }} */
  const { cells } = readNotebook(file);
  return cells.flatMap(({ cell_type, source }, index) =>
    cell_type === "code" ? [{ index, source: [source].flat().join("") }] : [],
  );
}

/** The numbered notebooks, in order, relative to the repository. */
export function listNotebooks() {
  return readdirSync(join(root, "notebooks"))
    .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
    .sort()
    .map((name) => join("notebooks", name));
}
