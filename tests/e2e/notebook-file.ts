import { join } from "node:path";
import { readNotebook } from "../../scripts/notebooks/cells.mjs";
import { root } from "../../scripts/setup/commands.mjs";

/** A notebook as its file has it, as far as the tests look at it. */
export interface Notebook {
  readonly cells: NotebookCell[];
}

/** A cell of a {@link Notebook}; one of code has outputs as well. */
export interface NotebookCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
}

/** One of the project's notebooks, without its committed outputs: what is seen afterwards has been run. */
export function projectNotebook(file: string): Notebook {
  const { cells, ...rest } = readNotebook(join(root, "notebooks", file)) as Notebook;
  const cleared = cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, execution_count: null, outputs: [] } : cell,
  );
  return { ...rest, cells: cleared };
}

/** A new code cell. */
export function codeCell(id: string, source: string): NotebookCell {
  const empty = { metadata: {}, execution_count: null, outputs: [] };
  return { cell_type: "code", ...{ id, ...empty }, source };
}

/** The sources of the code cells. */
export function codeOf({ cells }: Notebook): string[] {
  return cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => [source].flat().join(""));
}

/**
 * Where, among the code cells, the first one stands that has the text.
 *
 * @throws {Error} If there is none.
 */
export function codeCellWith(notebook: Notebook, text: string): number {
  const index = codeOf(notebook).findIndex((source) => source.includes(text));
  if (index < 0) throw new Error(`no code cell of the notebook has the text "${text}"`);
  return index;
}
