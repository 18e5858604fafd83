import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { root } from "../setup/commands.mjs";

// The kernel's own compiler, TypeScript 5.0.4: what it cannot read, no cell can import.
/** @type {typeof import("typescript")} */
const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab");

/** @type {import("typescript").CompilerOptions} */
const KERNEL_OPTIONS = {
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.NodeJs, // called node10 since
  esModuleInterop: true,
  types: ["node"],
};

/**
 * Faults in the declarations under `dist/` as the notebook kernel's compiler sees them, both without `strict`, as in
 * cells, and with it.
 *
 * @returns {string[]}
 */
export function checkDeclarations() {
  const entry = join(root, "dist", "index.d.ts");
  if (!existsSync(entry)) return ["dist/index.d.ts does not exist: run npm run build"];
  return [false, true].flatMap((strict) => {
    const program = ts.createProgram([entry], { ...KERNEL_OPTIONS, strict });
    const ours = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName));
    return ours
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
      .map((diagnostic) => describe(diagnostic, strict));
  });
}

/** @param {string} file */
function isOurs(file) {
  return relative(root, file).startsWith(`dist${sep}`);
}

/**
 * @param {import("typescript").Diagnostic} diagnostic
 * @param {boolean} strict
 */
function describe({ file, start, messageText }, strict) {
  const name = file ? relative(root, file.fileName) : "dist";
  const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0;
  const mode = strict ? "strict" : "not strict";
  return `${name}:${line} under TypeScript ${ts.version}, ${mode}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}
