import type { Precision, TargetName } from "../compiler/targets/target.js";
import type { RegularizationMethod } from "./regularization-methods.js";
import { type RunOptions, requireAllowed } from "./run-options.js";
import { chosenWeight, type WeightDecay } from "./weight-decay.js";

/** What every preset decides, and a run may decide otherwise. */
interface PresetBasis {
  readonly epochs: number;
  readonly target: TargetName;
  readonly precision: Precision;
}

/** Which run of an experiment to make, by the experiment's own names. */
export interface ChosenRun<Method extends string, PresetName extends string, Target extends TargetName>
  extends RunOptions {
  readonly method: Method;
  readonly preset: PresetName;
  readonly target?: Target;
  readonly precision?: Precision;
}

/** A preset, and everything that it leaves open. */
export type Configured<Method extends string, Preset> = Preset & {
  readonly method: Method;
  readonly seed: number;
  /** Absent where there is no penalty to weigh. */
  readonly weight?: WeightDecay;
};

/** The runs that an experiment knows. */
export interface KnownRuns<Method extends string, PresetName extends string, Preset extends PresetBasis> {
  readonly experiment: string;
  readonly methods: Readonly<Record<Method, Pick<RegularizationMethod, "isWeighted">>>;
  readonly presets: Readonly<Record<PresetName, Preset>>;
  /** Those on which the experiment can be trained. */
  readonly targets: readonly Preset["target"][];
  /** Of each preset's methods that have one. */
  readonly weights: Readonly<Record<PresetName, Readonly<Partial<Record<Method, WeightDecay>>>>>;
}

/**
 * The complete configuration of a run: its preset with what was chosen otherwise.
 *
 * @throws RangeError naming the option that is wrong and what is allowed.
 */
export function chosenConfiguration<
  Method extends string,
  PresetName extends string,
  Preset extends PresetBasis,
>(
  { experiment, methods, presets, targets, weights }: KnownRuns<Method, PresetName, Preset>,
  options: ChosenRun<Method, PresetName, Preset["target"]>,
): Configured<Method, Preset> {
  requireAllowed(options, {
    experiment,
    methods: Object.keys(methods),
    presets: Object.keys(presets),
    targets,
    isWeighted: (method) => methods[method as Method].isWeighted,
  });
  const { method, seed } = options;
  const preset = presets[options.preset];
  const { epochs = preset.epochs, target = preset.target, precision = preset.precision } = options;
  const weight = chosenWeight(weights[options.preset][method], options.weight);
  return { ...preset, method, seed, epochs, target, precision, weight };
}
