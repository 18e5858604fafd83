import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, keepLog, root } from "./commands.mjs";
import { installProblem, SetupError } from "./failures.mjs";

const INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
// Two quick retries: enough for a hiccup, and a machine without a network hears of it within seconds.
const RETRIES = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];

/** Installs the npm packages of package-lock.json. */
export function installNpmPackages() {
  if (isInstalled()) return "up to date";
  console.log("installing npm packages (the first time they take about 1 GB) ...");
  // npm's own path is known under "npm start"; calling it through Node works on every system.
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, ...INSTALL]] : ["npm", INSTALL];
  const { ok, missing, output } = capture(command, [...args, ...RETRIES]);
  if (missing) throw new SetupError("npm was not found: install Node with npm from https://nodejs.org");
  if (!ok) throw new SetupError(installProblem("npm ci", output, keepLog("npm", output)));
  return "done";
}

/** npm leaves the list of what it installed; a package that is optional may be absent on this platform. */
function isInstalled() {
  const installedList = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedList)) return false;
  const wanted = packagesIn(join(root, "package-lock.json"));
  const installed = packagesIn(installedList);
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || entry.optional || (path in installed && entry.integrity === installed[path].integrity),
  );
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { integrity?: string, optional?: boolean }>}
 */
function packagesIn(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}
