import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, show } from "./commands.mjs";
import { SetupError } from "./failures.mjs";
import { filesUnder, hashOf, isCurrent, leaveStamp } from "./stamps.mjs";

const STAMP = "build/setup/build.stamp";
const COMMAND = join(root, "dist", "cli", "main.js");

/** The hash of all that the compiled library depends on: sources, compiler options, packages. */
export function sourcesHash() {
  return hashOf([...filesUnder("src"), "tsconfig.json", "package-lock.json"]);
}

/** Compiles `src/` into `dist/`. */
export function buildLibrary() {
  const hash = sourcesHash();
  if (isCurrent(STAMP, hash) && existsSync(join(root, "dist", "index.js"))) return "up to date";
  const status = show(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json"]);
  if (status !== 0) throw new SetupError("src/ does not compile (see the messages above)");
  removeLeftovers();
  if (existsSync(COMMAND)) chmodSync(COMMAND, 0o755);
  leaveStamp(STAMP, hash);
  return "done";
}

/** Removes from `dist/` what no longer has a source; the rest stays, for a notebook may be running on it. */
function removeLeftovers() {
  for (const file of filesUnder("dist")) {
    const source = file.replace(/^dist/, "src").replace(/\.(js|js\.map|d\.ts)$/, ".ts");
    if (!existsSync(join(root, source))) rmSync(join(root, file));
  }
}
