import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type NdArray, ndArray, type Precision, Random } from "glassbox";
import type { BenchProblem, InitialState } from "./problems.js";

/** `problem.json`: the problem, and what its raw files hold. */
export interface ProblemDescription extends BenchProblem {
  readonly threads: number;
  /** Shape of each array; it lies in the raw file of its name, row-major, little-endian, in the problem's precision. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** A problem as an engine reads it. */
export interface LoadedProblem {
  readonly description: ProblemDescription;
  readonly y0: NdArray;
  readonly params: Readonly<Record<string, NdArray>>;
}

interface Contents {
  readonly shape: readonly number[];
  readonly draw: (random: Random, i: number) => number;
}

const SEED = 7;

/** Writes a problem for every engine to read: `problem.json` and one file per array. */
export function writeProblem(folder: string, problem: BenchProblem, threads: number): void {
  const arrays = arraysOf(problem);
  const shapes = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]));
  const description: ProblemDescription = { ...problem, threads, shapes };
  mkdirSync(folder, { recursive: true });
  for (const [name, { shape, draw }] of Object.entries(arrays)) {
    const random = new Random(SEED).split(name);
    const values = Array.from({ length: sizeOf(shape) }, (_, i) => draw(random, i));
    writeFileSync(join(folder, `${name}.bin`), rawNumbers(values, problem.precision));
  }
  writeFileSync(join(folder, "problem.json"), `${JSON.stringify(description, null, 2)}\n`);
}

/** Reads what {@link writeProblem} wrote. */
export function readProblem(folder: string): LoadedProblem {
  const description = JSON.parse(readFileSync(join(folder, "problem.json"), "utf8")) as ProblemDescription;
  const { precision, shapes } = description;
  const arrays = Object.entries(shapes).map(([name, shape]) => {
    const data = typedNumbers(readFileSync(join(folder, `${name}.bin`)), precision);
    return [name, ndArray(shape, data)] as const;
  });
  const { y0, ...params } = Object.fromEntries(arrays);
  return { description, y0, params };
}

/** The initial state, and the parameters of the field. */
function arraysOf({ field, batch, initial }: BenchProblem): Record<string, Contents> {
  if (field.kind === "lorenz") {
    const [sigma, rho, beta] = [10, 28, 8 / 3].map((value) => ({ shape: [], draw: () => value }));
    return { y0: { shape: [3], draw: drawState(initial) }, sigma, rho, beta };
  }
  const { widths, time } = field;
  const layers = widths.slice(1).flatMap((width, i) => {
    const inputs = widths[i] + (time ? 1 : 0);
    const bound = Math.sqrt(6 / (inputs + width)); // Glorot and Bengio (2010)
    return [
      [`w${i + 1}`, { shape: [inputs, width], draw: between(-bound, bound) }] as const,
      [`b${i + 1}`, { shape: [width], draw: between(-0.1, 0.1) }] as const,
    ];
  });
  const y0: Contents = { shape: [batch ?? 1, widths[0]], draw: drawState(initial) };
  return { y0, ...Object.fromEntries(layers) };
}

function drawState(initial: InitialState): Contents["draw"] {
  if (initial === "centred") return between(-0.5, 0.5);
  if (initial === "pixels") return (random) => (random.uniform() < 0.2 ? random.uniform() : 0);
  return (_, i) => initial[i];
}

function between(low: number, high: number): Contents["draw"] {
  return (random) => low + (high - low) * random.uniform();
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function rawNumbers(values: readonly number[], precision: Precision): DataView {
  const bytes = precision === "float32" ? 4 : 8;
  const view = new DataView(new ArrayBuffer(bytes * values.length));
  for (const [i, value] of values.entries()) {
    if (precision === "float32") view.setFloat32(4 * i, value, true);
    else view.setFloat64(8 * i, value, true);
  }
  return view;
}

function typedNumbers(bytes: Uint8Array, precision: Precision): Float32Array | Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return precision === "float32"
    ? Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
    : Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}
