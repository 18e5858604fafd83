import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture, keepLog, root, venvProgram } from "./commands.mjs";
import { installProblem, pythonProblem, SetupError, venvProblem } from "./failures.mjs";
import { hashOf, isCurrent, leaveStamp } from "./stamps.mjs";

const VENV = join(root, ".venv");
const STAMP = ".venv/.stamp";

/** Makes `.venv` with the packages of requirements.txt, by uv if it is there, else by venv and pip. */
export function installPythonPackages() {
  const hash = hashOf(["requirements.txt"], root); // a moved virtual environment does not work
  if (isCurrent(STAMP, hash)) return "up to date";
  console.log("installing JupyterLab into .venv (the first time it takes about 250 MB) ...");
  if (capture("uv", ["--version"]).ok) installByUv();
  else installByPip();
  // Else Node reads JupyterLab's bundled yarn.js as an ES module, because of our "type": "module".
  writeFileSync(join(VENV, "package.json"), "{}\n");
  leaveStamp(STAMP, hash);
  return "done";
}

function installByUv() {
  const python = findPython();
  if (!existsSync(venvProgram("python")))
    must("uv venv", "uv", ["venv", "--quiet", ...(python ? ["--python", python] : []), VENV]);
  const install = ["pip", "install", "--quiet", "--python", venvProgram("python"), "-r", "requirements.txt"];
  must("uv pip install", "uv", install);
}

function installByPip() {
  const python = findPython();
  if (!python) throw new SetupError(pythonProblem(candidates()));
  if (!capture(venvProgram("python"), ["-m", "pip", "--version"]).ok) makeVenv(python);
  const install = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-input",
    "--retries",
    "2",
    "-r",
    "requirements.txt",
  ];
  must("pip install", venvProgram("python"), install, { PIP_DISABLE_PIP_VERSION_CHECK: "1" });
}

/** @param {string} python */
function makeVenv(python) {
  rmSync(VENV, { recursive: true, force: true });
  const { ok, output } = capture(python, ["-m", "venv", VENV]);
  if (ok) return;
  rmSync(VENV, { recursive: true, force: true }); // without ensurepip a half-made one is left, with no pip in it
  throw new SetupError(venvProblem(python, output));
}

function candidates() {
  const chosen = process.env.PYTHON;
  return chosen ? [chosen] : ["python3", "python"];
}

/** @returns {string | undefined} */
function findPython() {
  const isNewEnough = "import sys; sys.exit(sys.version_info < (3, 10))";
  return candidates().find((name) => capture(name, ["-c", isNewEnough]).ok);
}

/**
 * @param {string} name the command, as the user would type it
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function must(name, command, args, env = {}) {
  const { ok, output } = capture(command, args, { ...process.env, ...env });
  if (!ok) throw new SetupError(installProblem(name, output, keepLog("python", output)));
}
