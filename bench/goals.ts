import type { Row } from "./comparison.js";
import type { Work } from "./engine.js";

/** What a ratio should be. */
export interface Goal {
  readonly problem: string;
  readonly work: Work;
  /** How the peer's name begins. */
  readonly peer: string;
  readonly must: number;
  readonly goal: number;
}

/** Ratios per evaluation of a whole solve; against sgemm, the share of the machine's limit. */
const goals: readonly Goal[] = [
  { problem: "mnist", work: "forward", peer: "diffrax", must: 1, goal: 2 },
  { problem: "mnist", work: "gradient", peer: "diffrax", must: 1.4, goal: 4 },
  { problem: "mnist", work: "forward", peer: "torchdiffeq", must: 2.5, goal: 5 },
  { problem: "mnist", work: "gradient", peer: "torchdiffeq", must: 1.7, goal: 4 },
  { problem: "mnist", work: "forward", peer: "sgemm", must: 0.25, goal: 0.6 },
  { problem: "mnist", work: "gradient", peer: "sgemm", must: 0.25, goal: 0.6 },
  { problem: "physionet", work: "forward", peer: "diffrax", must: 1, goal: 2.2 },
  { problem: "physionet", work: "gradient", peer: "diffrax", must: 1.8, goal: 3.5 },
  { problem: "physionet-saved", work: "gradient", peer: "diffrax", must: 1.5, goal: 3.5 },
  { problem: "spiral", work: "forward", peer: "diffrax", must: 5, goal: 8 },
  { problem: "spiral", work: "gradient", peer: "diffrax", must: 13, goal: 25 },
];

/** Microseconds that a step of a forward solve may take. */
const perStep: Readonly<Record<string, { readonly must: number; readonly goal: number }>> = {
  lorenz: { must: 0.3, goal: 0.1 },
};

/** The goal of a comparison between solves, if it has one. */
export function goalOf({ problem, work, peer }: Row): Goal | undefined {
  return goals.find((goal) => goal.problem === problem && goal.work === work && peer.startsWith(goal.peer));
}

/** Microseconds that a step of a forward solve must at most, and should, take. */
export function stepGoalOf({ problem, work }: Row) {
  return work === "forward" ? perStep[problem] : undefined;
}
