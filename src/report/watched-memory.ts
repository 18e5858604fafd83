import type { Precision, Program, Target, Value } from "../compiler/targets/target.js";

/** A target that counts the bytes of the values in use on it. */
export interface WatchedTarget extends Target {
  /** Bytes of the values that were made and not freed. */
  readonly bytes: number;
  /** The most there ever were since the last call of `startAnew`. */
  readonly mostBytes: number;
  /** Forgets what was the most. */
  startAnew(): void;
}

const bytesPerNumber: Record<Precision, number> = { float32: 4, float64: 8 };

/** A target that does what another does, and counts what callers keep on it; what a program holds for itself is not counted. */
export function watchedTarget(inner: Target): WatchedTarget {
  let bytes = 0;
  let mostBytes = 0;
  const bytesOf = ({ shape }: Value) =>
    shape.reduce((product, length) => product * length, bytesPerNumber[inner.precision]);
  const made = (value: Value): Value => {
    bytes += bytesOf(value);
    mostBytes = Math.max(mostBytes, bytes);
    return value;
  };
  const compile: Target["compile"] = (graph) => {
    const program = inner.compile(graph);
    const watched: Program = {
      code: program.code,
      run: (values, scalars, readout) => program.run(values, scalars, readout).map(made),
      dispose: () => program.dispose(),
    };
    return watched;
  };
  return {
    name: inner.name,
    precision: inner.precision,
    compile,
    put: (array) => made(inner.put(array)),
    get: (value) => inner.get(value),
    free: (value) => {
      bytes -= bytesOf(value);
      inner.free(value);
    },
    get bytes() {
      return bytes;
    },
    get mostBytes() {
      return mostBytes;
    },
    startAnew: () => {
      mostBytes = bytes;
    },
  };
}
