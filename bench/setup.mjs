// Installs the peers of requirements.txt into .venv-bench, and does nothing when they are there already.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const requirements = here("requirements.txt");
const environment = here("../.venv-bench");
const python = `${environment}/bin/python`;
const stamp = `${environment}/requirements.sha256`;

/** @type {(command: string, args: string[], advice: string) => void} */
function run(command, args, advice) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status === 0) return;
  console.error(
    `bench:setup: "${[command, ...args].join(" ")}" failed${error ? ` (${error.message})` : ""}: ${advice}`,
  );
  process.exit(1);
}

const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex");
if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) {
  console.log("bench:setup: the peers are installed already");
} else {
  if (!existsSync(python)) {
    const advice = "install Python 3.11 or newer with its venv module (Debian: apt install python3-venv)";
    run("python3", ["-m", "venv", environment], advice);
  }
  const advice = "check the network, and that this Python has packages of the pinned versions";
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements], advice);
  writeFileSync(stamp, hash);
  console.log("bench:setup: the peers are installed; now `npm run bench -- solve --problem spiral`");
}
