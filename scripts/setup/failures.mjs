// What went wrong, in one line that says what to install or to do. Pure functions of what the tools printed.
// An old Node has to be able to read this file.

/** A failure that the user can mend: its message is one line, shown without a stack trace. */
export class SetupError extends Error {}

const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeoutError|Name or service not known|name resolution|error sending request|dns error|Connection refused|Network is unreachable|Tunnel connection failed/i;
const DISK_FULL = /ENOSPC|No space left on device/i;
const NOT_ALLOWED = /EACCES|EPERM|Permission denied/i;

const INSTALL_PYTHON =
  "Debian/Ubuntu: sudo apt-get install python3 python3-venv; macOS: brew install python; Windows: winget install Python.Python.3.12";

/**
 * Node loads ES modules from CommonJS, as the notebook kernel does, since 20.19 and 22.12.
 *
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} undefined if the version will do
 */
export function nodeProblem(version) {
  const [major, minor] = version.split(".").map(Number);
  const enough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 23;
  if (enough) return undefined;
  return `Node ${version} is too old: install Node 24 from https://nodejs.org (20.19, 22.12 or any newer will also do)`;
}

/** @param {readonly string[]} tried names of the interpreters that were looked for */
export function pythonProblem(tried) {
  return `no Python 3.10 or newer found (tried ${tried.join(", ")}): install it (${INSTALL_PYTHON}), or install uv (https://docs.astral.sh/uv), or set PYTHON=/path/to/python3`;
}

/**
 * @param {string} python the interpreter that was used
 * @param {string} output what `python -m venv` printed
 */
export function venvProblem(python, output) {
  if (/ensurepip/i.test(output))
    return `${python} lacks ensurepip, so it cannot make a virtual environment: install it (Debian/Ubuntu: sudo apt-get install python3-venv), or install uv (https://docs.astral.sh/uv), or set PYTHON=/path/to/another/python3`;
  return installProblem(`${python} -m venv`, output);
}

/**
 * @param {string} tool the command that failed, as the user would type it
 * @param {string} output all that it printed
 * @param {string} [log] where the output was kept
 */
export function installProblem(tool, output, log) {
  const kept = log ? ` (the whole output is in ${log})` : "";
  if (DISK_FULL.test(output)) return `"${tool}" found the disk full: free about 2 GB and try again${kept}`;
  if (UNREACHABLE.test(output))
    return `"${tool}" could not reach the package registry: connect to the network, or set HTTPS_PROXY, and try again${kept}`;
  if (NOT_ALLOWED.test(output))
    return `"${tool}" may not write here: make this folder and the tool's cache yours, and try again${kept}`;
  return `"${tool}" failed: ${lastComplaint(output)}${kept}`;
}

/**
 * The last line that says more than where to look for help.
 *
 * @param {string} output
 */
function lastComplaint(output) {
  const lines = output
    .split("\n")
    .map((line) => line.replace(/^npm (error|warn)/, "").trim())
    .filter(
      (line) =>
        line && !/complete log of this run|npm help|^aliases:|^Usage:|^Options:|^\[?--?\w/i.test(line),
    );
  const complaints = lines.filter((line) => /error|cannot|could not|can only|missing|not found/i.test(line));
  return complaints.pop() || lines.pop() || "it printed nothing";
}
