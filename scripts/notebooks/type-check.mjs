import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { renamedEarlierProperties } from "./earlier-properties.mjs";

/**
 * The kernel checks cells without `strict`; here they are checked with it, put together into one module.
 *
 * @type {ts.CompilerOptions}
 */
const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
};

/**
 * The type errors of a notebook's cells, and what the kernel gets wrong by their types.
 *
 * @param {readonly import("./cells.mjs").Cell[]} cells
 * @param {string} notebook its file: packages are resolved from there
 * @returns {{ cell: number, line: number, column: number, message: string }[]}
 */
export function typeCheckCells(cells, notebook) {
  const name = join(dirname(resolve(notebook)), "cells.mts").replaceAll("\\", "/");
  const text = [...cells.map(({ source }) => source), "export {};"].join("\n");
  const program = programOf(name, text);
  const file = /** @type {ts.SourceFile} */ (program.getSourceFile(name));
  /** @param {number | undefined} start */
  const placeOf = (start) => placeInCells(cells, file.getLineAndCharacterOfPosition(start ?? 0));
  const faults = [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
    ...renamedEarlierProperties(file, program.getTypeChecker(), (position) => placeOf(position).cell),
  ];
  return faults.map(({ start, messageText }) => ({
    ...placeOf(start),
    message: ts.flattenDiagnosticMessageText(messageText, " "),
  }));
}

/**
 * Declarations of packages and of the language, which are the same for all notebooks, by their path.
 *
 * @type {Map<string, ts.SourceFile | undefined>}
 */
const declarations = new Map();

/**
 * @param {string} name
 * @param {string} text
 */
function programOf(name, text) {
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, target, ...rest) => {
    if (path === name) return ts.createSourceFile(path, text, target, true);
    if (!declarations.has(path)) declarations.set(path, getSourceFile(path, target, ...rest));
    return declarations.get(path);
  };
  return ts.createProgram([name], OPTIONS, host);
}

/**
 * @param {readonly import("./cells.mjs").Cell[]} cells
 * @param {ts.LineAndCharacter} position in the module
 */
function placeInCells(cells, { line, character }) {
  let first = 0;
  for (const { index, source } of cells) {
    const lines = source.split("\n").length;
    if (line < first + lines) return { cell: index, line: line - first + 1, column: character + 1 };
    first += lines;
  }
  return { cell: cells.at(-1)?.index ?? 0, line: 1, column: 1 };
}
