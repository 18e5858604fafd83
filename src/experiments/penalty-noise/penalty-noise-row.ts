import type { Measures } from "../../training/task.js";
import type { CurvePoint } from "../../training/training-curve.js";
import type { Measure } from "../experiment.js";
import { type MnistOdeRow, mnistOdeMeasures } from "../mnist-ode/mnist-ode-row.js";
import type { PenaltyGradients } from "./penalty-gradients.js";
import { type ComparedSetting, comparedSettings } from "./settings.js";

/** The two precisions compared at one moment of a training. */
export interface PenaltyComparison extends ComparedSetting, PenaltyNumbers {
  readonly iteration: number;
  readonly epoch: number;
}

/** A comparison as plain numbers. */
interface PenaltyNumbers {
  readonly cosine: number;
  readonly lengthRatio: number;
  readonly penaltyFloat32: number;
  readonly penaltyFloat64: number;
  readonly nfeFloat32: number;
  readonly nfeFloat64: number;
}

/** A training of mnist-ode, with the error penalty's gradient followed in both precisions. */
export interface PenaltyNoiseRow extends MnistOdeRow {
  /** In the order of time, setting by setting. */
  readonly comparisons: readonly PenaltyComparison[];
  /** Cosine between the gradients of both precisions in the training's own setting: its mean over the training. */
  readonly meanCosine: number;
}

/** What tables show of a run. */
export const penaltyNoiseMeasures: readonly Measure[] = [
  { field: "meanCosine", title: "cosine, mean", decimals: 3 },
  ...mnistOdeMeasures,
];

const numberNames: readonly (keyof PenaltyNumbers)[] = [
  "cosine",
  "lengthRatio",
  "penaltyFloat32",
  "penaltyFloat64",
  "nfeFloat32",
  "nfeFloat64",
];

const measureName = ({ controller, tolerance }: ComparedSetting, name: string): string =>
  `${name} ${controller} ${tolerance}`;

/** A comparison as measures of an evaluation, which a training keeps with its curve and its checkpoint. */
export function measuresOf(setting: ComparedSetting, compared: PenaltyGradients): Measures {
  const { cosine, lengthRatio, penalty, nfe } = compared;
  const numbers: PenaltyNumbers = {
    cosine,
    lengthRatio,
    penaltyFloat32: penalty.float32,
    penaltyFloat64: penalty.float64,
    nfeFloat32: nfe.float32,
    nfeFloat64: nfe.float64,
  };
  return Object.fromEntries(numberNames.map((name) => [measureName(setting, name), numbers[name]]));
}

/** The comparisons among the measures of a training's curve. */
export function comparisonsOf(curve: readonly CurvePoint[]): PenaltyComparison[] {
  return curve.flatMap((point) =>
    comparedSettings
      .filter((setting) => measureName(setting, "cosine") in point)
      .map((setting) => {
        const numbers = numberNames.map((name) => [name, point[measureName(setting, name)]]);
        const { iteration, epoch } = point;
        return { ...setting, iteration, epoch, ...(Object.fromEntries(numbers) as PenaltyNumbers) };
      }),
  );
}

/** A curve without the measures of comparisons, which stand by themselves in a row. */
export function withoutComparisons(curve: readonly CurvePoint[]): CurvePoint[] {
  const names = new Set(
    comparedSettings.flatMap((setting) => numberNames.map((name) => measureName(setting, name))),
  );
  return curve.map(
    (point) => Object.fromEntries(Object.entries(point).filter(([name]) => !names.has(name))) as CurvePoint,
  );
}
