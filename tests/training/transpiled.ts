import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Writes a module of this repository and all that it imports as JavaScript, so that a process of its own can run it as it
 * is now; types are checked elsewhere.
 *
 * @param name of a folder below `build/`
 * @returns path of the module's JavaScript
 */
export function transpiled(module: string, name: string): string {
  const seen = new Set<string>();
  const visit = (path: string): string => {
    const out = join(repository, "build", name, relative(repository, path)).replace(/\.ts$/, ".js");
    if (seen.has(path)) return out;
    seen.add(path);
    const source = readFileSync(path, "utf8");
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, ts.transpileModule(source, { compilerOptions }).outputText);
    for (const { fileName } of ts.preProcessFile(source).importedFiles) {
      if (fileName.startsWith(".")) visit(join(dirname(path), fileName.replace(/\.js$/, ".ts")));
    }
    return out;
  };
  return visit(module);
}
