import ts from "typescript";
import { kernelRules } from "./kernel-rules.mjs";

/**
 * @typedef {import("./cells.mjs").Cell} Cell
 * @typedef {{ cell: number, line: number, column: number, rule: string, message: string }} Finding
 */

/**
 * What the kernel would get wrong in the code cells of one notebook.
 *
 * @param {readonly Cell[]} cells
 * @returns {Finding[]}
 */
export function lintCells(cells) {
  /** @type {Set<string>} */
  const earlier = new Set();
  return cells.flatMap((cell) => {
    const findings = lintCell(cell, earlier);
    for (const name of topLevelNames(parse(cell.source).file)) earlier.add(name);
    return findings;
  });
}

/**
 * @param {Cell} cell
 * @param {ReadonlySet<string>} earlier
 * @returns {Finding[]}
 */
function lintCell(cell, earlier) {
  const { file, checker } = parse(cell.source);
  /** @type {Finding[]} */
  const findings = [];
  /**
   * @param {ts.Node} node
   * @param {boolean} insideFunction
   */
  function visit(node, insideFunction) {
    for (const [rule, find] of Object.entries(kernelRules)) {
      const message = find(node, { checker, earlier, insideFunction });
      if (!message) continue;
      const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
      findings.push({ cell: cell.index, line: line + 1, column: character + 1, rule, message });
    }
    ts.forEachChild(node, (child) => visit(child, insideFunction || ts.isFunctionLike(node)));
  }
  visit(file, false);
  return findings;
}

/**
 * A program of this one cell: a name that it does not resolve comes from outside the cell.
 *
 * @param {string} source
 */
function parse(source) {
  const name = "cell.ts";
  const file = ts.createSourceFile(name, `${source}\nexport {};`, ts.ScriptTarget.ES2022, true);
  const options = {
    noLib: true,
    noResolve: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
  };
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (path) => (path === name ? file : undefined);
  return { file, checker: ts.createProgram([name], options, host).getTypeChecker() };
}

/**
 * @param {ts.SourceFile} file
 * @returns {Iterable<string>}
 */
function topLevelNames(file) {
  // The binder keeps a module's own names here; the public interface has only the exported ones.
  const { locals } = /** @type {{ locals?: Map<string, unknown> }} */ (/** @type {unknown} */ (file));
  return locals?.keys() ?? [];
}
