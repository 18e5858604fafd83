import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The path of Chromium: what the variable CHROMIUM names, or `chromium` on the path of programs.
 *
 * @throws {Error} If it is not there; the message says what to install.
 */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const { CHROMIUM, PATH = "" } = environment;
  const candidates = CHROMIUM ? [CHROMIUM] : PATH.split(delimiter).map((folder) => join(folder, "chromium"));
  const found = candidates.find(isExecutable);
  if (found) return found;
  throw new Error(
    `${CHROMIUM ?? "chromium"} was not found: install Debian's chromium (sudo apt-get install chromium), ` +
      "or name another one with CHROMIUM=/path/to/chromium",
  );
}

/** A headless Chromium with an empty profile of its own, which is removed when it is closed. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: flags });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
