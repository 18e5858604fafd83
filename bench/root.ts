import { fileURLToPath } from "node:url";

/** The repository, with a slash at its end; this file runs as build/bench/code/root.js. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
