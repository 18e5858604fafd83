import type { Incident } from "./failure-policy.js";
import { decodeSealed, encodeSealed } from "./sealed.js";
import type { CurvePoint } from "./training-curve.js";
import type { ArraysByName, Snapshot } from "./training-state.js";

/** A training in the middle, complete: it goes on from here as if it had not been interrupted. */
export interface Checkpoint {
  readonly snapshot: Snapshot;
  /** Where a retry goes back to. */
  readonly fallback?: Snapshot;
  /** Seconds of training so far. */
  readonly seconds: number;
  readonly learningRateFactor: number;
  readonly incidents: readonly Incident[];
  readonly curve: readonly CurvePoint[];
  /** What the training does, as plain data. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

const format = "glassbox checkpoint 1";

/** A checkpoint as a safetensors file: arrays under `params/` and `optimizer/`, all else as JSON in the metadata. */
export function encodeCheckpoint({ snapshot, fallback, ...rest }: Checkpoint): Buffer {
  const state = { ...rest, iteration: snapshot.iteration, fallbackIteration: fallback?.iteration ?? null };
  const texts = Object.entries(state).map(([name, value]) => [name, JSON.stringify(value)]);
  return encodeSealed({
    tensors: {
      ...underPrefix("params/", snapshot.params),
      ...underPrefix("optimizer/", snapshot.optimizer),
      ...underPrefix("fallback/params/", fallback?.params ?? {}),
      ...underPrefix("fallback/optimizer/", fallback?.optimizer ?? {}),
    },
    metadata: { format, ...Object.fromEntries(texts) },
  });
}

/**
 * Reads a checkpoint.
 *
 * @throws SyntaxError saying what is wrong with the bytes.
 */
export function decodeCheckpoint(bytes: Buffer): Checkpoint {
  const { tensors, metadata } = decodeSealed(bytes);
  const { format: found, ...texts } = metadata;
  if (found !== format) throw new SyntaxError(`it should say "${format}", and says "${found}"`);
  const state = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, JSON.parse(text)]));
  const { iteration, fallbackIteration, ...rest } = state;
  const snapshotAt = (prefix: string, at: number): Snapshot => ({
    iteration: at,
    params: withoutPrefix(`${prefix}params/`, tensors),
    optimizer: withoutPrefix(`${prefix}optimizer/`, tensors),
  });
  return {
    ...(rest as Omit<Checkpoint, "snapshot" | "fallback">),
    snapshot: snapshotAt("", iteration),
    ...(fallbackIteration !== null && { fallback: snapshotAt("fallback/", fallbackIteration) }),
  };
}

function underPrefix(prefix: string, arrays: ArraysByName): ArraysByName {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));
}

function withoutPrefix(prefix: string, arrays: ArraysByName): ArraysByName {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, array]) => [name.slice(prefix.length), array]));
}
