// A step is up to date if the hash of what it depends on equals the stamp it left.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./commands.mjs";

/**
 * All files under a folder, sorted, relative to the repository.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function filesUnder(folder) {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .flatMap((entry) => {
      const path = relative(root, join(absolute, entry.name));
      return entry.isDirectory() ? filesUnder(path) : [path];
    })
    .sort();
}

/**
 * @param {readonly string[]} files relative to the repository
 * @param {string} [also] anything else that matters
 */
export function hashOf(files, also = "") {
  const hash = createHash("sha256").update(also);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/**
 * @param {string} stamp the stamp's file, relative to the repository
 * @param {string} hash
 */
export function isCurrent(stamp, hash) {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, "utf8") === hash;
}

/**
 * @param {string} stamp
 * @param {string} hash
 */
export function leaveStamp(stamp, hash) {
  const file = join(root, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}
