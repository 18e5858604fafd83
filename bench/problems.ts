import type { Precision } from "glassbox";

/** Dense layers with tanh between them: layer i has the weights `w<i>` and the bias `b<i>`, counted from 1. */
export interface PerceptronField {
  readonly kind: "perceptron";
  /** From the state's width over those of the hidden layers back to it. */
  readonly widths: readonly number[];
  /** Whether t is a last extra input of every layer. */
  readonly time: boolean;
  /** Whether the cube of the state goes in, as in the spiral of Chen et al. (NeurIPS 2018). */
  readonly cubed: boolean;
  /** Whether the last layer, too, ends in tanh. */
  readonly bounded: boolean;
}

/** x' = sigma (y - x), y' = x (rho - z) - y, z' = x y - beta z (Lorenz 1963). */
export interface LorenzField {
  readonly kind: "lorenz";
}

/** Pixels of which a fifth is lit; uniform between -1/2 and 1/2; or these numbers. */
export type InitialState = "pixels" | "centred" | readonly number[];

/** Where our side runs. */
export type TargetName = "wasm" | "onnx" | "javascript" | "tfjs";

/** What all engines compute: y' = field(t, y) over a span, and the gradient of mean(y²) at its end or over what is saved. */
export interface BenchProblem {
  readonly field: PerceptronField | LorenzField;
  readonly batch?: number;
  readonly initial: InitialState;
  readonly precision: Precision;
  readonly rtol: number;
  readonly atol: number;
  readonly span: readonly [number, number];
  /** Times, the last of them the end, at which states are saved; then all that is measured is `solve`. */
  readonly saveAt?: readonly number[];
  /** Size of the one step of `step`: long enough for its error estimate to stand clear of rounding. */
  readonly step: number;
  /** Room for the steps of a solve, where a peer has to know beforehand. */
  readonly maxSteps: number;
  /** Targets that compute it sensibly. */
  readonly targets: readonly TargetName[];
}

const perceptron = { kind: "perceptron", time: false, cubed: false, bounded: true } as const;
const float32 = {
  precision: "float32",
  rtol: 1e-5,
  atol: 1e-5,
  targets: ["wasm", "onnx", "javascript"],
} as const;
const float64 = {
  precision: "float64",
  rtol: 1e-6,
  atol: 1e-8,
  targets: ["wasm", "onnx", "javascript"],
} as const;

/** The problems that can be measured, by the name that `--problem` takes. */
export const PROBLEMS: Readonly<Record<string, BenchProblem>> = {
  mnist: {
    ...float32,
    field: { ...perceptron, widths: [784, 100, 784], time: true },
    batch: 512,
    initial: "pixels",
    span: [0, 1],
    step: 2,
    maxSteps: 64,
  },
  physionet: {
    ...float32,
    targets: [...float32.targets, "tfjs"], // which takes ten seconds for a gradient of mnist
    field: { ...perceptron, widths: [20, 50, 50, 50, 20] },
    batch: 512,
    initial: "centred",
    span: [0, 1],
    step: 2,
    maxSteps: 64,
  },
  "physionet-saved": {
    ...float32,
    targets: ["wasm", "javascript"], // onnx would only tell again how it does on physionet
    field: { ...perceptron, widths: [20, 50, 50, 50, 20] },
    batch: 512,
    initial: "centred",
    span: [0, 1],
    saveAt: Array.from({ length: 49 }, (_, i) => (i + 1) / 49), // hours of two days in the data of PhysioNet 2012
    step: 2,
    maxSteps: 64,
  },
  spiral: {
    ...float64,
    field: { ...perceptron, widths: [2, 50, 2], cubed: true, bounded: false },
    batch: 1,
    initial: [2, 0],
    span: [0, 1],
    step: 0.1,
    maxSteps: 64,
  },
  lorenz: {
    ...float64,
    field: { kind: "lorenz" },
    initial: [1, 1, 1],
    span: [0, 3],
    step: 0.01,
    maxSteps: 1024,
  },
};
