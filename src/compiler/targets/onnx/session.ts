import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";

/** Named tensors that go into or come out of a session. */
export type NamedOrtTensors = Record<string, Tensor>;

/** A loaded model that runs synchronously. */
export interface Session {
  run(feeds: NamedOrtTensors, fetches: Record<string, null>): NamedOrtTensors;
  dispose(): void;
}

interface NativeSession {
  loadModel(
    buffer: ArrayBuffer,
    offset: number,
    length: number,
    options: InferenceSession.SessionOptions,
  ): void;
  run(feeds: NamedOrtTensors, fetches: Record<string, null>, options: object): NamedOrtTensors;
  dispose(): void;
}

interface Binding {
  binding: { InferenceSession: new () => NativeSession };
  initOrt(): void;
}

type OrtModule = typeof import("onnxruntime-node");

/** What is needed of onnxruntime-node; loaded at first use, since loading takes tens of milliseconds. */
interface Runtime {
  readonly Tensor: OrtModule["Tensor"];
  readonly NativeSession: new () => NativeSession;
}

let loaded: Runtime | undefined;

/**
 * The runtime's tensors and its synchronous session. The public interface is the same session behind a promise; a
 * solver's loop cannot wait for one at every step, so the pinned version's binding is used.
 */
export function runtime(): Runtime {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const entry = require.resolve("onnxruntime-node");
  const { Tensor } = require(entry) as OrtModule;
  const { binding, initOrt } = require(join(dirname(entry), "binding.js")) as Binding;
  initOrt();
  loaded = { Tensor, NativeSession: binding.InferenceSession };
  return loaded;
}

/** Loads a model; `threads` work on one operator at a time. */
export function openSession(model: Uint8Array, threads: number): Session {
  const { NativeSession } = runtime();
  const session = new NativeSession();
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    enableMemPattern: true,
    // threads of several sessions that wait by spinning take each other's cores: spin only while a program runs
    extra: { session: { intra_op: { allow_spinning: threads > 1 ? "1" : "0" }, force_spinning_stop: "1" } },
  });
  return {
    run: (feeds, fetches) => session.run(feeds, fetches, {}),
    dispose: () => session.dispose(),
  };
}
