import { describe, expect, it } from "vitest";
import { installProblem, nodeProblem, pythonProblem, venvProblem } from "../../scripts/setup/failures.mjs";

// Printed by the tools themselves: npm 11.19, pip 23 and 25, uv 0.13, Debian's python3 without python3-venv.
const npmOffline = `npm error code ECONNREFUSED
npm error syscall connect
npm error errno ECONNREFUSED
npm error FetchError: request to https://registry.example/typescript failed, reason: connect ECONNREFUSED 127.0.0.1:9
npm error A complete log of this run can be found in: /home/someone/.npm/_logs/debug-0.log`;
const npmOutOfSync = `npm error code EUSAGE
npm error
npm error \`npm ci\` can only install packages when your package.json and package-lock.json are in sync.
npm error Missing: example@1.0.0 from lock file
npm error
npm error Run "npm help ci" for more info`;
const pipOffline = `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError(...: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/jupyterlab/
ERROR: Could not find a version that satisfies the requirement jupyterlab==4.6.6 (from versions: none)
ERROR: No matching distribution found for jupyterlab==4.6.6`;
const uvOffline = `error: Failed to fetch: \`https://index.example/simple/jupyterlab/\`
  Caused by: error sending request for url
  Caused by: dns error: failed to lookup address information`;
const noEnsurepip = `The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python3.11-venv`;

describe("which Node will do", () => {
  it.each(["12.22.12", "18.19.0", "20.18.3", "21.7.3", "22.11.0"])(
    "refuses %s and says what to install",
    (version) => {
      expect(nodeProblem(version)).toMatch(new RegExp(`^Node ${version} is too old: install Node 24`));
    },
  );

  it.each(["20.19.0", "20.20.2", "22.12.0", "22.23.3", "24.21.0", "26.10.0"])("accepts %s", (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
});

describe("what a failed installation is said to be", () => {
  it.each([
    ["no network, npm", installProblem("npm ci", npmOffline), "connect to the network"],
    ["no network, pip", installProblem("pip install", pipOffline), "connect to the network"],
    ["no network, uv", installProblem("uv pip install", uvOffline), "connect to the network"],
    ["disk full", installProblem("npm ci", "npm error code ENOSPC"), "free about 2 GB"],
    ["not allowed", installProblem("npm ci", "npm error code EACCES"), "may not write here"],
    [
      "anything else",
      installProblem("npm ci", npmOutOfSync, "npm.log"),
      "Missing: example@1.0.0 from lock file",
    ],
    ["nothing printed", installProblem("npm ci", ""), "it printed nothing"],
    ["no ensurepip", venvProblem("python3", noEnsurepip), "sudo apt-get install python3-venv"],
    ["no Python", pythonProblem(["python3", "python"]), "sudo apt-get install python3 python3-venv"],
  ])("%s: one line that says what to do", (_, message, advice) => {
    expect(message).toContain(advice);
    expect(message).not.toContain("\n");
  });
});
