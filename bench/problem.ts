import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "glassbox";

/** Sizes of a neural ODE's field: two layers, each with t as a last extra input. */
export interface ProblemSizes {
  readonly batch: number;
  readonly features: number;
  readonly hidden: number;
}

/** The problems that can be measured, by the name that `--problem` takes. */
export const PROBLEMS: Readonly<Record<string, ProblemSizes>> = {
  mnist: { batch: 512, features: 784, hidden: 100 },
};

/** What all engines solve: y' = tanh([tanh([y, t] w1 + b1), t] w2 + b2) on t in [0, 1], with loss mean(y(1)²). */
export interface ProblemDescription {
  readonly rtol: number;
  readonly atol: number;
  readonly threads: number;
  readonly shapes: Readonly<Record<ArrayName, readonly number[]>>;
}

/** The arrays of a problem; each lies in the raw file of its name, float32, row-major, little-endian. */
export type ArrayName = "y0" | "w1" | "b1" | "w2" | "b2";

const SEED = 7;

/**
 * Writes a problem for every engine to read: `problem.json` and one file per array.
 *
 * The initial state is like MNIST's (a fifth of the pixels lit), the weights as Glorot and Bengio (2010) initialise.
 */
export function writeProblem(folder: string, sizes: ProblemSizes, threads: number): void {
  const { batch, features, hidden } = sizes;
  const shapes = {
    y0: [batch, features],
    w1: [features + 1, hidden],
    b1: [hidden],
    w2: [hidden + 1, features],
    b2: [features],
  };
  const description: ProblemDescription = { rtol: 1e-5, atol: 1e-5, threads, shapes };
  mkdirSync(folder, { recursive: true });
  for (const [name, shape] of Object.entries(shapes)) {
    const random = new Random(SEED).split(name);
    const draw = name === "y0" ? () => pixel(random) : () => uniform(random, weightBound(shape));
    const size = shape.reduce((product, length) => product * length, 1);
    writeFloats(join(folder, `${name}.bin`), Float32Array.from({ length: size }, draw));
  }
  writeFileSync(join(folder, "problem.json"), `${JSON.stringify(description, null, 2)}\n`);
}

function pixel(random: Random): number {
  const lit = random.uniform() < 0.2;
  return lit ? random.uniform() : 0;
}

function uniform(random: Random, bound: number): number {
  return bound * (2 * random.uniform() - 1);
}

function weightBound(shape: readonly number[]): number {
  return shape.length === 2 ? Math.sqrt(6 / (shape[0] + shape[1])) : 0.1;
}

function writeFloats(path: string, values: Float32Array): void {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  writeFileSync(path, view);
}
