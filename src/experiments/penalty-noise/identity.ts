import { type MnistOdeOptions, mnistOdeConfiguration, mnistOdeIdentity } from "../mnist-ode/configuration.js";
import { configurationHash, type RowIdentity } from "../result-row.js";
import { comparedSettings, comparisonPlans } from "./settings.js";

/**
 * The fields of a row that say which run it is.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function penaltyNoiseIdentity(options: MnistOdeOptions): RowIdentity {
  if ((options.method as string) === "linear") {
    throw new RangeError("penalty-noise: the method linear has no steps and so no error to penalise");
  }
  const training = mnistOdeIdentity(options.preset, mnistOdeConfiguration(options));
  const compared = { settings: comparedSettings, plan: comparisonPlans[options.preset] };
  return {
    ...training,
    experiment: "penalty-noise",
    configuration: configurationHash({ training: training.configuration, compared }),
  };
}
