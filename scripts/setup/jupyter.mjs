import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./commands.mjs";

/** Installs the repository's `jupyter/` into `.venv`, so that its programs find kernel and template by themselves. */
export function installJupyterFiles() {
  const source = join(root, "jupyter");
  const share = join(root, ".venv", "share", "jupyter");
  cpSync(join(source, "nbconvert"), join(share, "nbconvert"), { recursive: true });
  cpSync(join(source, "labconfig"), join(root, ".venv", "etc", "jupyter", "labconfig"), { recursive: true });
  const kernel = join("kernels", "tslab");
  mkdirSync(join(share, kernel), { recursive: true });
  writeFileSync(join(share, kernel, "kernel.json"), kernelAt(join(source, kernel, "kernel.json")));
  return "done";
}

/**
 * The kernelspec says where tslab is relative to itself; its copy is told where the repository is.
 *
 * @param {string} file
 */
function kernelAt(file) {
  const kernel = JSON.parse(readFileSync(file, "utf8"));
  const repository = root.replaceAll("\\", "/");
  kernel.argv = kernel.argv.map((/** @type {string} */ part) =>
    part.replace("{resource_dir}/../../..", repository),
  );
  return `${JSON.stringify(kernel, null, 2)}\n`;
}
