// Opens JupyterLab on the notebooks. What follows "npm run lab --" goes to JupyterLab, for example --no-browser.

import { show, venvProgram } from "./setup/commands.mjs";

process.on("SIGINT", () => {}); // JupyterLab asks whether to stop; wait for what it is told

const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
process.exit(
  show(venvProgram("jupyter-lab"), ["--notebook-dir=notebooks", ...asRoot, ...process.argv.slice(2)]),
);
