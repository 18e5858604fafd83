import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const place = join(repository, "build", "threads-test");

/** Writes the compiler as it stands as JavaScript, for processes of their own. */
export function transpileCompiler(): void {
  const source = join(repository, "src", "compiler");
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(source, file), "utf8"), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
    });
    const target = join(place, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  writeFileSync(join(place, "package.json"), '{ "type": "module" }');
}

/** Runs a script that may import from the compiler by `./`; gives what it prints. */
export async function runScript(script: string, flags: readonly string[] = []): Promise<string> {
  const args = [...flags, "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: place, timeout: 30_000 });
  return stdout.trim();
}
