import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// A clone with nothing installed, and an address where nobody listens.
const NOBODY = "http://127.0.0.1:9/";
let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), "glassbox-setup-"));
  for (const part of [
    "scripts",
    "notebooks/package.json",
    "package.json",
    "package-lock.json",
    "requirements.txt",
  ])
    cpSync(part, join(clone, part), { recursive: true });
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function setUp(step: string, env: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, "scripts/setup.mjs"), step], {
    cwd: clone,
    env: { ...process.env, npm_execpath: undefined, ...env },
    encoding: "utf8",
  });
  return { status, stdout, complaints: stderr.trimEnd().split("\n") };
}

/** A program that fails in a given way. */
function fakeProgram(name: string, script: string): string {
  const folder = join(clone, `fake-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

describe("a set-up that cannot succeed says in one line what to do", () => {
  it.each([
    ["no npm", "npm", () => ({ PATH: "" }), "npm was not found: install Node with npm"],
    [
      "no Python",
      "python",
      () => ({ PATH: "", PYTHON: "" }),
      "install it (Debian/Ubuntu: sudo apt-get install python3",
    ],
    [
      "an unusable PYTHON",
      "python",
      () => ({ PATH: "", PYTHON: "/no/such/python" }),
      "(tried /no/such/python)",
    ],
    ["a step that does not exist", "dinner", () => ({}), "the steps are npm, python, jupyter, build"],
    [
      "no network for npm",
      "npm",
      () => ({ npm_config_registry: NOBODY, npm_config_cache: join(clone, "cache") }),
      "connect to the network",
    ],
    [
      "no ensurepip",
      "python",
      () => ({
        PATH: fakeProgram("python3", 'case "$1" in -m) echo "ensurepip is not available"; exit 1;; esac'),
        PYTHON: "",
      }),
      "sudo apt-get install python3-venv",
    ],
  ])("%s", (_, step, env, advice) => {
    const { status, complaints } = setUp(step, env());
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/^set-up: /);
    expect(complaints[0]).toContain(advice);
    expect(status).toBe(1);
  });
});
