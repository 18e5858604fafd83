import type { NdArray } from "../../compiler/nd-array.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { type Digits, type DigitsOptions, loadDigits } from "../../data/digits.js";
import { range } from "../../data/image-batch.js";
import { firstImages } from "../../data/labelled-images.js";
import type { Model } from "../../models/model.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { momentum } from "../../nn/optimizers/momentum.js";
import { annealed } from "../../nn/schedules.js";
import { errorPenalty } from "../../regularizers/error-penalty.js";
import { ClassifierObjectives } from "../../training/classifier-objective.js";
import { evaluateBatch, evaluateClassifier } from "../../training/evaluate.js";
import { type TrainingProgress, train } from "../../training/train.js";
import { provenance } from "../provenance.js";
import { type CurvePoint, configurationHash, type ResultRow } from "../result-row.js";
import type { MnistOdeConfiguration, MnistOdeMethod } from "./configuration.js";
import { mnistModel } from "./mnist-model.js";
import { type MnistOdePresetName, mnistOdePresets } from "./presets.js";
import { probe } from "./probe.js";

/** Methods of the experiment, in the order of presentation. */
export const mnistOdeMethods: readonly MnistOdeMethod[] = ["linear", "vanilla", "ernode"];

/** Which run to make. */
export interface MnistOdeOptions {
  readonly method: MnistOdeMethod;
  readonly preset: MnistOdePresetName;
  readonly seed: number;
  /** @defaultValue the preset's */
  readonly epochs?: number;
  /** Penalty weight at the start, for the method ernode; the end follows in proportion. @defaultValue the preset's */
  readonly weight?: number;
}

/** How a run is watched and stopped. */
export interface RunContext {
  readonly signal?: AbortSignal;
  /** Called after every iteration, and awaited: it may draw. */
  readonly onProgress?: (progress: TrainingProgress) => void | Promise<void>;
  /** Told once which digits are in use. */
  readonly onDigits?: (description: string) => void;
  /** Progress of a download, where the digits have to be fetched. */
  readonly fetch?: DigitsOptions["fetch"];
}

/**
 * The complete configuration of a run.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function mnistOdeConfiguration(options: MnistOdeOptions): MnistOdeConfiguration {
  const { method, seed } = options;
  const preset = mnistOdePresets[options.preset];
  if (!preset) throw wrong("preset", options.preset, `one of ${Object.keys(mnistOdePresets).join(", ")}`);
  if (!mnistOdeMethods.includes(method))
    throw wrong("method", method, `one of ${mnistOdeMethods.join(", ")}`);
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong("seed", seed, "a whole number, at least 0");
  const { epochs = preset.epochs, weight = preset.weight.from } = options;
  if (!Number.isInteger(epochs) || epochs < 1) throw wrong("epochs", epochs, "a whole number, at least 1");
  if (!(weight > 0 && Number.isFinite(weight))) {
    throw wrong("weight", weight, "a positive number (the method vanilla has no penalty)");
  }
  if (options.weight !== undefined && method !== "ernode") {
    throw wrong("weight", options.weight, `left out for the method ${method}, which has no penalty`);
  }
  const { from, to } = preset.weight;
  return { ...preset, method, seed, epochs, weight: { from: weight, to: (weight * to) / from } };
}

function wrong(option: string, value: unknown, allowed: string): RangeError {
  return new RangeError(`mnist-ode: ${option} must be ${allowed}, got ${value}`);
}

/** Trains, evaluates and probes one configuration; returns its row. */
export async function runMnistOde(options: MnistOdeOptions, context: RunContext = {}): Promise<ResultRow> {
  const begin = performance.now();
  const configuration = mnistOdeConfiguration(options);
  const digits = await digitsOf(configuration, context);
  const model = mnistModel(configuration);
  try {
    const curve = new CurveRecorder(context.onProgress);
    const trained = await train({
      model,
      train: digits.train,
      validation: firstImages(digits.test, Math.min(validationImages, digits.test.count)),
      loss: softmaxCrossEntropy,
      optimizer: momentum(configuration),
      regularizers: regularizersOf(configuration),
      batchSize: configuration.batchSize,
      epochs: configuration.epochs,
      seed: configuration.seed,
      annealing: configuration.annealing,
      signal: context.signal,
      onProgress: (progress) => curve.record(progress),
    });
    const measured = await measure(model, trained.params, digits, configuration, context.signal);
    return {
      ...identity(options, configuration, model),
      ...measured,
      curve: curve.points,
      timing: { seconds: trained.seconds, totalSeconds: (performance.now() - begin) / 1000 },
      provenance: provenance(),
    };
  } finally {
    model.dispose();
  }
}

/** Test images on which the accuracy is followed during training. */
const validationImages = 512;

async function digitsOf({ digits: set, limit }: MnistOdeConfiguration, context: RunContext): Promise<Digits> {
  const digits = await loadDigits({ set, limit, fetch: { signal: context.signal, ...context.fetch } });
  context.onDigits?.(digits.description);
  return digits;
}

function regularizersOf({ method, weight }: MnistOdeConfiguration) {
  return method === "ernode"
    ? [errorPenalty({ weight: annealed(weight.from, weight.to), reduction: "mean" })]
    : [];
}

function identity({ preset }: MnistOdeOptions, configuration: MnistOdeConfiguration, { target }: Model) {
  const { method, seed, epochs, weight, tolerance, precision, controller } = configuration;
  const penalised = method === "ernode";
  // a weight that is not used must not tell rows apart
  const used = { ...configuration, weight: penalised ? weight : undefined, target: target.name };
  return {
    experiment: "mnist-ode",
    method,
    preset,
    seed,
    epochs,
    weight: penalised ? weight.from : 0,
    rtol: tolerance,
    precision,
    controller,
    target: target.name,
    configuration: configurationHash(used),
  };
}

/** Accuracy on both sets, and what the solution costs. */
async function measure(
  model: Model,
  params: Readonly<Record<string, NdArray>>,
  { train: trainSet, test }: Digits,
  { method, hidden, batchSize }: MnistOdeConfiguration,
  signal: AbortSignal | undefined,
) {
  const scope = new ValueScope(model.target);
  const objectives = new ClassifierObjectives(model, softmaxCrossEntropy);
  const values = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, model.target.put(value)]),
  );
  scope.own(Object.values(values));
  try {
    const first = range(0, Math.min(batchSize, trainSet.count));
    const { nfe } = evaluateBatch(model, objectives, values, trainSet, first);
    const onTest = await evaluateClassifier(model, objectives, values, test, { signal });
    const onTrain = await evaluateClassifier(model, objectives, values, trainSet, { signal });
    const probed = method === "linear" ? { nfe: 0, resolved: [] } : probe(params, hidden, test);
    return {
      trainAccuracy: onTrain.accuracy,
      testAccuracy: onTest.accuracy,
      nfe,
      nfeProbe: probed.nfe,
      resolved: probed.resolved,
    };
  } finally {
    scope.release();
    objectives.dispose();
  }
}

/** Keeps a curve of limited length: about so many iterations, and every evaluation. */
const curvePoints = 64;

class CurveRecorder {
  readonly points: CurvePoint[] = [];

  constructor(private readonly next: RunContext["onProgress"]) {}

  async record(progress: TrainingProgress): Promise<void> {
    const { iteration, iterations, epoch, loss, penalty, nfe, evaluation } = progress;
    const interval = Math.max(1, Math.round(iterations / curvePoints));
    if (evaluation) this.points.push({ iteration, epoch, loss, penalty, ...evaluation });
    else if (iteration % interval === 0) this.points.push({ iteration, epoch, loss, penalty, nfe });
    await this.next?.(progress);
  }
}
