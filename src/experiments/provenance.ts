import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../data/package-root.js";

/** What a reader must know of the machine and the software to judge numbers, and nothing that names a person or path. */
export interface Provenance {
  /** Version of Node.js, such as "v22.11.0". */
  readonly node: string;
  /** Operating system and architecture, such as "linux x64". */
  readonly platform: string;
  /** Model of the processor. */
  readonly processor: string;
  /** Number of logical processors. */
  readonly processors: number;
  /** Versions of this package and of those that compute and draw; what is not installed is left out. */
  readonly packages: Readonly<Record<string, string>>;
  /** Short commit of the checkout; absent outside one. */
  readonly commit?: string;
}

const reportedPackages = [
  "onnxruntime-node",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-node-gpu",
  "vega",
  "vega-lite",
  "arquero",
];

const require = createRequire(import.meta.url);

/** The machine and the software of this process. */
export function provenance(): Provenance {
  const processors = cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: processors[0]?.model.trim() || "unknown processor",
    processors: processors.length,
    packages: {
      glassbox: versionIn(join(packageRoot, "package.json")),
      ...Object.fromEntries(reportedPackages.flatMap((name) => installedVersion(name) ?? [])),
    },
    commit: checkedOutCommit(),
  };
}

function installedVersion(name: string): [[string, string]] | undefined {
  try {
    return [[name, versionIn(require.resolve(`${name}/package.json`))]];
  } catch {
    return undefined; // Optional, or hoisted away: its version is not known, and a footer is no reason to fail.
  }
}

function versionIn(packageFile: string): string {
  return (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
}

function checkedOutCommit(): string | undefined {
  // Installed as a dependency, git would answer for the repository around, which is another.
  if (!existsSync(join(packageRoot, ".git"))) return undefined;
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      cwd: packageRoot,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}
