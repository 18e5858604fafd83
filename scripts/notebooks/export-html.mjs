import { copyFileSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { root, show, venvProgram } from "../setup/commands.mjs";

const CHART_LIBRARIES = ["vega", "vega-lite", "vega-embed"];

/**
 * Exports an executed notebook to a page whose charts are live, off line too.
 *
 * @param {string} notebook relative to the repository
 * @returns {string | undefined} the page, or undefined if nbconvert failed and has said why
 */
export function exportHtml(notebook) {
  const folder = dirname(notebook);
  mkdirSync(join(root, folder, "vega"), { recursive: true });
  for (const library of CHART_LIBRARIES) {
    const file = `${library}.min.js`;
    copyFileSync(join(root, "node_modules", library, "build", file), join(root, folder, "vega", file));
  }
  // Without require.js: where it is loaded, the libraries hand themselves to it and vegaEmbed stays undefined.
  const options = [
    "--to",
    "html",
    "--template",
    "vega",
    "--HTMLExporter.require_js_url=",
    "--log-level",
    "ERROR",
  ];
  const status = show(venvProgram("jupyter"), ["nbconvert", ...options, notebook]);
  return status === 0 ? join(folder, basename(notebook).replace(/\.ipynb$/, ".html")) : undefined;
}
