import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A problem with its end value, as the engines read it. */
export interface PrecisionProblem {
  readonly name: string;
  readonly y0: readonly number[];
  readonly params: Readonly<Record<string, number>>;
  readonly span: readonly [number, number];
  /** The state at the end, computed with many digits. */
  readonly y1: readonly number[];
  /** The absolute tolerance, in relative ones. */
  readonly atolPerRtol: number;
  /** Which kinds of methods can be expected to solve it. */
  readonly kinds: readonly MethodKind[];
}

/** What a method is for. */
export type MethodKind = "nonstiff" | "stiff";

/** What is not in the reference data. */
interface Choice {
  readonly title: string;
  readonly kinds: readonly MethodKind[];
  /** An intermediate time of the reference data to end at. @defaultValue its end */
  readonly end?: string;
  /** @defaultValue 1 */
  readonly atolPerRtol?: number;
}

/** The problems in the order of tables and charts, by their names in the reference data. */
export const choices: Readonly<Record<string, Choice>> = {
  lotka_volterra: { title: "Lotka–Volterra", kinds: ["nonstiff"] },
  brusselator_ode: { title: "Brusselator", kinds: ["nonstiff"] },
  lorenz63: { title: "Lorenz", kinds: ["nonstiff"] },
  arenstorf: { title: "Arenstorf's orbit", kinds: ["nonstiff"] },
  pleiades: { title: "Pleiades", kinds: ["nonstiff"] },
  vdp_mu10: { title: "Van der Pol, mu = 10", kinds: ["nonstiff", "stiff"] },
  vdp_mu1000: { title: "Van der Pol, mu = 1000", kinds: ["stiff"] },
  // its second component is never above 4e-5: tolerances as in Hairer and Wanner (1996), IV.10
  robertson: { title: "Robertson", kinds: ["stiff"], end: "100000", atolPerRtol: 1e-6 },
};

/** An exact number as the reference data writes it: a rational "p/q", or a decimal with all its digits. */
type ExactNumber = string;

interface Reference {
  readonly name: string;
  readonly params: Readonly<Record<string, ExactNumber>>;
  readonly t0: ExactNumber;
  readonly t1: ExactNumber;
  readonly y0: readonly ExactNumber[];
  readonly y1: readonly ExactNumber[];
  readonly intermediate?: readonly { readonly t: ExactNumber; readonly y: readonly ExactNumber[] }[];
}

/**
 * The chosen problems, with the numbers of a file of reference data.
 *
 * @throws Error when the file lacks one of them.
 */
export function readPrecisionProblems(path: string | URL): PrecisionProblem[] {
  const file = JSON.parse(readFileSync(path, "utf8")) as { readonly problems: readonly Reference[] };
  return Object.entries(choices).map(([name, { kinds, end, atolPerRtol = 1 }]) => {
    const reference = file.problems.find((problem) => problem.name === name);
    const last = end
      ? reference?.intermediate?.find(({ t }) => t === end)
      : reference && { t: reference.t1, y: reference.y1 };
    if (!reference || !last) throw new Error(`${fileName(path)} has no end value of ${name}`);
    const params = Object.entries(reference.params).map(([key, text]) => [key, double(text)]);
    return {
      name,
      y0: reference.y0.map(double),
      params: Object.fromEntries(params),
      span: [double(reference.t0), double(last.t)],
      y1: last.y.map(double),
      atolPerRtol,
      kinds,
    };
  });
}

/** The double nearest to an exact number. */
function double(text: ExactNumber): number {
  const [numerator, denominator = "1"] = text.split("/");
  return Number(numerator) / Number(denominator);
}

function fileName(path: string | URL): string {
  return path instanceof URL ? fileURLToPath(path) : path;
}
