import type { Schedule } from "../nn/schedules.js";
import { errorPenalty } from "../regularizers/error-penalty.js";
import { jacobianPenalty } from "../regularizers/jacobian-penalty.js";
import { kineticPenalty } from "../regularizers/kinetic-penalty.js";
import { l1Penalty } from "../regularizers/l1-penalty.js";
import { l2Penalty } from "../regularizers/l2-penalty.js";
import { localErrorPenalty } from "../regularizers/local-error-penalty.js";
import type { Regularizer } from "../regularizers/regularizer.js";
import { steer } from "../regularizers/steer.js";
import { stiffnessPenalty } from "../regularizers/stiffness-penalty.js";
import { taylorPenalty } from "../regularizers/taylor-penalty.js";

/** Numbers and choices on which a method depends beside its weight; they are part of a run's configuration. */
export type MethodSettings = Readonly<Record<string, number | string>>;

/** A way to regularize a training. */
export interface RegularizationMethod {
  /** Whether there is a penalty to weigh. */
  readonly isWeighted: boolean;
  /** @defaultValue none */
  readonly settings?: MethodSettings;
  /** What is added to the training, with the method's own weight. */
  readonly regularizers: (weight: Schedule) => readonly Regularizer[];
}

/** A method without a weight. */
function unweighted(
  regularizers: () => readonly Regularizer[],
  settings?: MethodSettings,
): RegularizationMethod {
  return { isWeighted: false, settings, regularizers };
}

/** A method with one. */
function weighted(
  regularizers: (weight: Schedule) => readonly Regularizer[],
  settings?: MethodSettings,
): RegularizationMethod {
  return { isWeighted: true, settings, regularizers };
}

/** How far STEER moves the end of the span: the code of Pal et al. (ICML 2021) draws from 1 - 0.5 to 1 + 0.5. */
const steered = { width: 0.5 };

/** The largest S, as in the code of Pal et al. (ICML 2021). */
const stiff = { reduction: "max" } as const;

/** Both terms in the code of Pal et al. (ICML 2021): the mean of E h + 0.1 S. */
const both = { stiffnessShare: 0.1, reduction: "mean" } as const;

/** The order of derivative that Kelly et al. (NeurIPS 2020) penalise on MNIST. */
const taylor = { order: 3 } as const;

/** The methods of the experiments by name, in the order in which Pal et al. (ICML 2021) list theirs. */
export const regularizationMethods = {
  vanilla: unweighted(() => []),
  steer: unweighted(() => [steer(steered)], steered),
  taynode: weighted((weight) => [taylorPenalty({ weight, ...taylor })], taylor),
  srnode: weighted((weight) => [stiffnessPenalty({ weight, ...stiff })], stiff),
  ernode: weighted((weight) => [errorPenalty({ weight })]),
  "steer+srnode": weighted((weight) => [steer(steered), stiffnessPenalty({ weight, ...stiff })], {
    ...steered,
    ...stiff,
  }),
  "steer+ernode": weighted((weight) => [steer(steered), errorPenalty({ weight })], steered),
  "srnode+ernode": weighted((weight) => {
    const share: Schedule = (progress) => both.stiffnessShare * weight(progress);
    return [errorPenalty({ weight }), stiffnessPenalty({ weight: share, reduction: both.reduction })];
  }, both),
  "local-biased": weighted((weight) => [localErrorPenalty({ weight, time: "biased" })], { time: "biased" }),
  "local-unbiased": weighted((weight) => [localErrorPenalty({ weight, time: "unbiased" })], {
    time: "unbiased",
  }),
  kinetic: weighted((weight) => [kineticPenalty({ weight })]),
  jacobian: weighted((weight) => [jacobianPenalty({ weight, noise: "normal" })], { noise: "normal" }),
  l1: weighted((weight) => [l1Penalty({ weight })]),
  l2: weighted((weight) => [l2Penalty({ weight })]),
} as const satisfies Readonly<Record<string, RegularizationMethod>>;

/** The name of a regularization method. */
export type RegularizationMethodName = keyof typeof regularizationMethods;
