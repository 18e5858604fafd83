import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs-core";

const require = createRequire(import.meta.url);

/** Name under which tfjs-node-gpu registers its backend. */
const backendName = "tensorflow";

/** The optional package's binary, which its install script fetches: installed without scripts, it is not there. */
const binary = join("lib", "napi-v8", "tfjs_binding.node");

/** Folder of the optional package, if it is installed. */
function installedFolder(): string | undefined {
  try {
    return dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  } catch {
    return undefined;
  }
}

/**
 * Makes TensorFlow's native backend the current one of tfjs, if tfjs-node-gpu is installed with its binary and no backend
 * but the plain one has been chosen.
 *
 * @param folder of the package, for tests
 * @returns whether it is the current backend now
 */
export function useTensorflowBackend(folder: string | undefined = installedFolder()): boolean {
  const chosen = tf.engine().backendName;
  if (chosen && chosen !== "cpu") return chosen === backendName;
  // loading the package takes a second, so its binary is looked for first
  if (!folder || !existsSync(join(folder, binary))) return false;
  restoreRemovedFunctions();
  require(folder);
  void tf.setBackend(backendName);
  return tf.engine().backendName === backendName;
}

/** tfjs-node 4.22.0 calls two functions that Node deprecated, and removed in version 23. */
function restoreRemovedFunctions(): void {
  const functions = util as unknown as Record<string, unknown>;
  functions.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  functions.isArray = Array.isArray;
}
