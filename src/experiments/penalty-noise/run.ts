import type { NdArray } from "../../compiler/nd-array.js";
import { onnxTarget } from "../../compiler/targets/onnx/onnx-target.js";
import type { NamedValues } from "../../compiler/targets/target.js";
import type { Digits } from "../../data/digits.js";
import { imageBatch, range } from "../../data/image-batch.js";
import type { Model } from "../../models/model.js";
import type { Measures } from "../../training/task.js";
import type { RunContext } from "../experiment.js";
import type { MnistOdeConfiguration, MnistOdeOptions } from "../mnist-ode/configuration.js";
import { controllerByName, mnistField } from "../mnist-ode/mnist-model.js";
import { runWatched } from "../mnist-ode/run.js";
import { threadsOf } from "../threads.js";
import { penaltyNoiseIdentity } from "./identity.js";
import { comparePenaltyGradients } from "./penalty-gradients.js";
import { comparisonsOf, measuresOf, type PenaltyNoiseRow, withoutComparisons } from "./penalty-noise-row.js";
import { comparedSettings, comparisonPlans } from "./settings.js";

/**
 * Trains one configuration of mnist-ode, and on the way compares the error penalty's gradient in single precision with the
 * true one.
 *
 * @throws what a run of mnist-ode throws; RangeError when the network cannot be solved in a compared setting.
 */
export async function runPenaltyNoise(
  options: MnistOdeOptions,
  context: RunContext = {},
): Promise<PenaltyNoiseRow> {
  const { images, moments } = comparisonPlans[options.preset];
  const row = await runWatched(options, context, ({ model, digits, configuration }) => {
    const { inputs } = imageBatch(digits.test, range(0, Math.min(images, digits.test.count)));
    return {
      evaluateEvery: Math.max(1, Math.round(iterationsOf(digits, configuration) / moments)),
      alsoMeasure: (params) => compare(params, model, inputs, configuration, threadsOf(context)),
    };
  });
  const compared = comparisonsOf(row.curve);
  const own = compared.filter(({ controller, tolerance }) => {
    return controller === row.controller && tolerance === row.rtol;
  });
  return {
    ...row,
    ...penaltyNoiseIdentity(options),
    curve: withoutComparisons(row.curve),
    comparisons: compared,
    meanCosine: own.reduce((sum, { cosine }) => sum + cosine, 0) / own.length,
  };
}

function iterationsOf({ train }: Digits, { batchSize, epochs }: MnistOdeConfiguration): number {
  return epochs * Math.ceil(train.count / batchSize);
}

function compare(
  values: NamedValues,
  { target }: Model,
  inputs: NdArray,
  { hidden }: MnistOdeConfiguration,
  threads: number,
): Measures {
  const field = mnistField(hidden);
  const params = Object.fromEntries(
    Object.keys(field.params).map((name) => [name, target.get(values[`field.${name}`])]),
  );
  const targets = {
    float32: onnxTarget({ precision: "float32", threads }),
    float64: onnxTarget({ precision: "float64", threads }),
  };
  const driven = { field, params, inputs, targets };
  const measures = comparedSettings.map((setting) => {
    const controller = controllerByName[setting.controller];
    return measuresOf(setting, comparePenaltyGradients(driven, { tolerance: setting.tolerance, controller }));
  });
  return Object.assign({}, ...measures);
}
