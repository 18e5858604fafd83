import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const source = join(repository, "src", "compiler");
const place = join(repository, "build", "threads-test");

/** Writes modules of the compiler as they stand, with all that they import, as JavaScript for processes of their own. */
export function transpileModules(...modules: readonly string[]): void {
  const pending = [...modules];
  const seen = new Set(pending);
  for (let module = pending.pop(); module !== undefined; module = pending.pop()) {
    const text = readFileSync(join(source, `${module}.ts`), "utf8");
    const target = join(place, `${module}.js`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      ts.transpile(text, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }),
    );
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      const imported = join(dirname(module), fileName.replace(/\.js$/, ""));
      if (!fileName.startsWith(".") || seen.has(imported)) continue;
      seen.add(imported);
      pending.push(imported);
    }
  }
  writeFileSync(join(place, "package.json"), '{ "type": "module" }');
}

/** Runs a script that may import those modules by `./`; gives what it prints. */
export async function runScript(script: string, flags: readonly string[] = []): Promise<string> {
  const args = [...flags, "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: place, timeout: 30_000 });
  return stdout.trim();
}
