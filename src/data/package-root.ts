import { fileURLToPath } from "node:url";

/** The package's own folder; the same whether this file runs from `src/data` or, built, from `dist/data`. */
export const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
