import { readFileSync } from "node:fs";

/** An exact number as the reference files write it: a rational "p/q", or a decimal with all its digits. */
export type ExactNumber = string;

/** The double nearest to an exact number. */
export function double(text: ExactNumber): number {
  const [numerator, denominator = "1"] = text.split("/");
  return Number(numerator) / Number(denominator);
}

/** Doubles of a list of exact numbers. */
export function doubles(texts: readonly ExactNumber[]): number[] {
  return texts.map(double);
}

/** One step of a fixed problem, computed with many digits. */
export interface GoldenStep {
  readonly y1: readonly ExactNumber[];
  readonly dense_theta_0_3: readonly ExactNumber[];
  readonly err?: readonly ExactNumber[];
  readonly stiffness_l2?: ExactNumber;
}

/** An explicit Runge–Kutta method with its coefficients as doubles. */
export interface ReferenceMethod {
  readonly order: number;
  readonly embedded_order: number | null;
  readonly stages: number;
  readonly fsal: boolean;
  readonly stiffness: { readonly pairs: readonly (readonly [number, number])[] };
  readonly stability: { readonly real_axis_interval: ExactNumber };
  readonly f64: {
    readonly c: readonly number[];
    readonly A: readonly (readonly number[])[];
    readonly b: readonly number[];
    readonly b_err?: readonly number[];
    readonly dense?: readonly (readonly number[])[];
  };
  /** Error weights of Shampine (1986), beside those of the original pair. */
  readonly b_err_shampine?: readonly ExactNumber[];
  readonly golden_step: GoldenStep;
}

/** An initial value problem with its end value; expressions are in y[i], t, p.name, + - * / **, sin, cos, exp, sqrt. */
export interface ReferenceProblem {
  readonly name: string;
  readonly tags: readonly string[];
  readonly rhs: readonly string[];
  readonly params: Readonly<Record<string, ExactNumber>>;
  readonly t0: ExactNumber;
  readonly t1: ExactNumber;
  readonly y0: readonly ExactNumber[];
  readonly y1: readonly ExactNumber[];
  /** 2-norm of the derivative of y(t1) by y(t0). */
  readonly sensitivity: number;
}

/** A quantity of a discrete solve, and its gradient. */
export interface ReferenceGradient {
  readonly value: ExactNumber;
  readonly d_y0: readonly ExactNumber[];
  readonly d_p: readonly ExactNumber[];
}

/** Quantities of a solve on a fixed grid: the loss, and what regularizes it. */
export interface DiscreteGradients {
  readonly y_end: readonly ExactNumber[];
  readonly L: ReferenceGradient;
  readonly R_E_scaled?: ReferenceGradient;
  readonly R_S?: ReferenceGradient;
}

/** Explicit methods by name, computed from their papers with 60 digits. */
const referenceMethods = read<{ explicit_rk: Record<string, ReferenceMethod> }>("tableaux.json").explicit_rk;

/** Names of methods in the files, where they are not ours; the file has both pairs of dopri5 under one name. */
const namesInFiles: Readonly<Record<string, string>> = {
  heun: "heun_euler21",
  rk438: "rk4_38",
  cashKarp45: "cash_karp45",
  dopri5Shampine: "dopri5",
};

/** The name of a method in the reference files. */
export function referenceName({ name }: { readonly name: string }): string {
  return namesInFiles[name] ?? name;
}

/** The reference data of a method. */
export function referenceMethod(method: { readonly name: string }): ReferenceMethod {
  const found = referenceMethods[referenceName(method)];
  if (!found) throw new Error(`there is no reference data for the method "${method.name}"`);
  if (method.name !== "dopri5Shampine") return found;
  const { err: _ofTheOtherPair, ...golden_step } = found.golden_step;
  return { ...found, golden_step, f64: { ...found.f64, b_err: doubles(found.b_err_shampine ?? []) } };
}

const problemFile = read<{
  problems: readonly ReferenceProblem[];
  discrete_gradients: { ode: { methods: Record<string, DiscreteGradients> } };
}>("ode-problems.json");

/** Initial value problems, in the order of the file. */
export const referenceProblems = problemFile.problems;

/** Gradients of discrete solves by method, computed with 70 digits. */
export const discreteGradients = problemFile.discrete_gradients.ode.methods;

/** The reference problem of a name. */
export function referenceProblem(name: string): ReferenceProblem {
  const found = referenceProblems.find((problem) => problem.name === name);
  if (!found) throw new Error(`there is no reference problem "${name}"`);
  return found;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`reference/${file}`, import.meta.url), "utf8")) as T;
}
