import type { Rows, StochasticTableau } from "./stochastic-tableau.js";

/** The arguments of one kind of stage: their times, and the weights of drifts and diffusions in them. */
interface Arguments {
  readonly c: readonly number[];
  readonly drifts: Rows;
  readonly diffusions: Rows;
}

type Stages = Pick<
  StochasticTableau,
  "stages" | "alpha" | "a0" | "a1" | "b0" | "b1" | "c0" | "c1" | "beta" | "errorWeights" | "stiffnessPair"
>;

/** How many drifts and diffusions a step evaluates: those that something reads, each argument once. */
export function stageEvaluations(tableau: Stages): StochasticTableau["evaluations"] {
  const { stages, alpha, a0, a1, b0, b1, c0, c1, beta, errorWeights } = tableau;
  const pair: readonly number[] = tableau.stiffnessPair ?? [];
  const ofDrift: Arguments = { c: c0, drifts: a0, diffusions: b0 };
  const ofDiffusion: Arguments = { c: c1, drifts: a1, diffusions: b1 };
  const indices = Array.from({ length: stages }, (_, i) => i);
  const drift = new Set(indices.filter((i) => alpha[i] !== 0 || errorWeights[i] !== 0 || pair.includes(i)));
  const diffusion = new Set(indices.filter((i) => Object.values(beta).some((weights) => weights[i] !== 0)));
  for (const i of [...indices].reverse()) {
    for (const [read, { drifts, diffusions }] of [
      [drift, ofDrift],
      [diffusion, ofDiffusion],
    ] as const) {
      if (!read.has(i)) continue;
      for (const j of indices.slice(0, i)) {
        if (drifts[i][j] !== 0) drift.add(j);
        if (diffusions[i][j] !== 0) diffusion.add(j);
      }
    }
  }
  return { drift: distinct(drift, ofDrift), diffusion: distinct(diffusion, ofDiffusion) };
}

/** How many of the stages have arguments that no other has. */
function distinct(stages: ReadonlySet<number>, { c, drifts, diffusions }: Arguments): number {
  const withoutZeros = (row: readonly number[]) => row.flatMap((weight, j) => (weight ? [[j, weight]] : []));
  const keys = [...stages].map((i) =>
    JSON.stringify([c[i], withoutZeros(drifts[i]), withoutZeros(diffusions[i])]),
  );
  return new Set(keys).size;
}
