import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it, vi } from "vitest";
import * as glassbox from "../src/index.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, source]) => source);

it("the tour of the README type-checks against the public entry", () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const name = `${folder}readme-tour.mts`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    types: ["node"],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const text = blocks.join("\n").replaceAll('"glassbox"', '"./src/index.js"');
  host.getSourceFile = (path, ...rest) =>
    path === name
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022)
      : getSourceFile.call(host, path, ...rest);
  host.fileExists = (path) => path === name || fileExists.call(host, path);
  host.readFile = (path) => (path === name ? text : readFile.call(host, path));
  const program = ts.createProgram([name], options, host);
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  expect(problems).toEqual([]);
}, 60_000);

it("the tour of the README runs", async () => {
  const printed: unknown[][] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...values) => void printed.push(values));
  const tf = await import("@tensorflow/tfjs-core");
  const { outputText } = ts.transpileModule(blocks.join("\n"), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  const body = outputText.replaceAll(/import [\s\S]*? from "[^"]*";\n/g, "");
  const names = Object.keys(glassbox);
  const run = new Function("tf", ...names, `return (async () => {${body}})();`);
  try {
    await run(tf, ...Object.values(glassbox));
  } finally {
    log.mockRestore();
  }
  expect(printed).toContainEqual(["success"]);
  expect(printed.at(-1)?.[0]).toContain("field.hidden.weight");
}, 60_000);
