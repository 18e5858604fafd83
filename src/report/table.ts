import { table as arqueroTable, type ColumnTable, from } from "arquero";
import { display } from "./display.js";
import { formatNumber } from "./number-format.js";
import type { MimeBundle } from "./tslab-kernel.js";

/** A column of a {@link FormattedTable}: numbers go to the right, so that their digits line up. */
export interface FormattedColumn {
  readonly name: string;
  readonly align: "left" | "right";
}

/** A table whose cells are text already: the same words in a terminal and in a notebook. */
export interface FormattedTable {
  readonly title?: string;
  readonly columns: readonly FormattedColumn[];
  readonly rows: readonly (readonly string[])[];
  /** A line below the table: what a spread is, how many rows were left out. */
  readonly note?: string;
}

/** Options of {@link formatTable}. */
export interface TableOptions {
  readonly title?: string;
  /**
   * The most rows shown; a note says how many there are.
   * @defaultValue 20
   */
  readonly limit?: number;
}

/** Formats an arquero table, or a list of objects with the same fields. */
export function formatTable(
  values: ColumnTable | readonly object[],
  options: TableOptions = {},
): FormattedTable {
  const { title, limit = 20 } = options;
  const table = "columnNames" in values ? values : from([...values]);
  const names = table.columnNames();
  const records = table.objects({ limit }) as Record<string, unknown>[];
  const isNumeric = (name: string) => records.every((record) => typeof record[name] === "number");
  const total = table.numRows();
  return {
    title,
    columns: names.map((name) => ({ name, align: isNumeric(name) ? "right" : "left" })),
    rows: records.map((record) => names.map((name) => formatCell(record[name]))),
    note: total > limit ? `first ${limit} of ${total} rows` : undefined,
  };
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? formatNumber(value) : String(value);
}

/** Tables as plain text with aligned columns, for a terminal. */
export function tablesText(tables: readonly FormattedTable[]): string {
  return tables.map(tableText).join("\n\n");
}

function tableText({ title, columns, rows, note }: FormattedTable): string {
  const widths = columns.map(({ name }, j) => Math.max(name.length, ...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, j) => (columns[j].align === "right" ? cell.padStart(widths[j]) : cell.padEnd(widths[j])))
      .join("  ")
      .trimEnd();
  const lines = [
    line(columns.map(({ name }) => name)),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
  ];
  if (title) lines.unshift(title);
  if (note) lines.push(note);
  return lines.join("\n");
}

/** Tables as one bundle: HTML for a notebook, plain text elsewhere. */
export function tablesBundle(tables: readonly FormattedTable[]): MimeBundle {
  return { data: { "text/html": tables.map(tableHtml).join("\n"), "text/plain": tablesText(tables) } };
}

function tableHtml({ title, columns, rows, note }: FormattedTable): string {
  const cells = arqueroTable(
    Object.fromEntries(columns.map(({ name }, j) => [name, rows.map((row) => row[j])])),
  );
  const html = cells.toHTML({
    align: Object.fromEntries(columns.map(({ name, align }) => [name, align === "right" ? "r" : "l"])),
  });
  return [
    title && `<p><b>${escapeHtml(title)}</b></p>`,
    html,
    note && `<p><small>${escapeHtml(note)}</small></p>`,
  ]
    .filter(Boolean)
    .join("\n");
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Displays tables below the running notebook cell; outside a notebook, prints them. */
export function showTables(tables: readonly FormattedTable[]): void {
  display(tablesBundle(tables));
}

/** Displays an arquero table, or a list of objects with the same fields. */
export function showTable(values: ColumnTable | readonly object[], options: TableOptions = {}): void {
  showTables([formatTable(values, options)]);
}
