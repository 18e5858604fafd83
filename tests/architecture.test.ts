import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const SRC = join(dirname(dirname(fileURLToPath(import.meta.url))), "src");

/** The folders of src/: each may import from those before it, and from nothing else. */
const LAYERS = [
  "compiler",
  "solvers",
  "nn",
  "regularizers",
  "models",
  "data",
  "training",
  "experiments",
  "report",
  "cli",
];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"));

/** The files of src/ that a file imports, relative to src/. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(SRC, file), "utf8"));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) =>
      relative(SRC, join(SRC, dirname(file), fileName))
        .split(sep)
        .join("/"),
    );
}

/** What is wrong with one import, in one sentence; undefined if nothing is. */
function faultOf(file: string, imported: string): string | undefined {
  const [from, to] = [file, imported].map((path) => path.split("/")[0]);
  if (!LAYERS.includes(to))
    return `src/${file} imports src/${imported}, which is in no folder of the architecture`;
  if (LAYERS.indexOf(to) <= LAYERS.indexOf(from)) return undefined;
  return `src/${file} imports src/${imported}: "${from}" may import only from ${LAYERS.slice(0, LAYERS.indexOf(from)).join(", ") || "itself"}`;
}

describe("the architecture of src/", () => {
  it("has no folders but those of the design", () => {
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(LAYERS).toEqual(expect.arrayContaining(folders.map(({ name }) => name)));
  });

  it("imports only from the same folder and those above", () => {
    const faults = files
      .filter((file) => file !== "index.ts")
      .flatMap((file) => importsOf(file).map((imported) => faultOf(file, imported)));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it("recognises an import in the wrong direction", () => {
    expect(faultOf("compiler/graph/graph.ts", "solvers/ode/solve.js")).toContain(
      '"compiler" may import only from itself',
    );
    expect(faultOf("nn/dense.ts", "models/blocks.js")).toContain("only from compiler, solvers");
    expect(faultOf("nn/dense.ts", "index.js")).toContain("in no folder");
    expect(faultOf("models/blocks.ts", "nn/dense.js")).toBeUndefined();
  });

  it("says in src/index.ts by name what is public", () => {
    expect(readFileSync(join(SRC, "index.ts"), "utf8")).not.toMatch(/export \*/);
  });

  it("names its files in kebab-case", () => {
    expect(files.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(file)))).toEqual([]);
  });
});
