import type { Experiment } from "./experiment.js";
import { mnistOde } from "./mnist-ode/mnist-ode.js";
import type { MnistOdeRow } from "./mnist-ode/mnist-ode-row.js";
import { mnistSde } from "./mnist-sde/mnist-sde.js";
import type { MnistSdeRow } from "./mnist-sde/mnist-sde-row.js";
import { penaltyNoise } from "./penalty-noise/penalty-noise.js";
import type { PenaltyNoiseRow } from "./penalty-noise/penalty-noise-row.js";
import { physionet } from "./physionet/physionet.js";
import type { PhysionetRow } from "./physionet/physionet-row.js";
import { spiralOde } from "./spiral-ode/spiral-ode.js";
import type { SpiralOdeRow } from "./spiral-ode/spiral-ode-row.js";
import { spiralSde } from "./spiral-sde/spiral-sde.js";
import type { SpiralSdeRow } from "./spiral-sde/spiral-sde-row.js";

/** The rows of each experiment by its name. */
export interface ExperimentRows {
  readonly "mnist-ode": MnistOdeRow;
  readonly "mnist-sde": MnistSdeRow;
  readonly "spiral-ode": SpiralOdeRow;
  readonly "penalty-noise": PenaltyNoiseRow;
  readonly physionet: PhysionetRow;
  readonly "spiral-sde": SpiralSdeRow;
}

/** The name of an experiment. */
export type ExperimentName = keyof ExperimentRows;

/** All experiments by name: what is here can be run, swept and reported. */
export const experiments: { readonly [Name in ExperimentName]: Experiment<ExperimentRows[Name]> } = {
  "mnist-ode": mnistOde,
  "mnist-sde": mnistSde,
  "spiral-ode": spiralOde,
  "penalty-noise": penaltyNoise,
  physionet,
  "spiral-sde": spiralSde,
};
