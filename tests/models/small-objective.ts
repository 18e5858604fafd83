import fc from "fast-check";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import type { NamedValues, Target } from "../../src/compiler/targets/target.js";
import type { ForwardContext } from "../../src/models/block.js";
import { fieldSignature } from "../../src/models/field-signature.js";
import { layerBlock } from "../../src/models/layer-block.js";
import { lossName, Objective } from "../../src/models/objective.js";
import { odeBlock } from "../../src/models/ode-block.js";
import { tracedBlock } from "../../src/models/traced-block.js";
import { dense } from "../../src/nn/dense.js";
import { softmaxCrossEntropy } from "../../src/nn/losses.js";
import { namedParams } from "../../src/nn/named-layers.js";
import { sequential } from "../../src/nn/sequential.js";
import { integralController } from "../../src/solvers/ode/controllers.js";
import type { Tableau } from "../../src/solvers/tableaux/tableau.js";
import { tsit5 } from "../../src/solvers/tableaux/tsit5.js";
import { normalArrays } from "../laws/numbers.js";

/** Sizes of a small neural ODE with a head and a cross entropy, and the seed of its numbers. */
export interface SmallModel {
  readonly batch: number;
  readonly features: number;
  readonly hidden: number;
  readonly classes: number;
  readonly seed: number;
}

const size = fc.integer({ min: 1, max: 4 });

/** Any small model. */
export const smallModels: fc.Arbitrary<SmallModel> = fc.record({
  batch: size,
  features: size,
  hidden: size,
  classes: fc.integer({ min: 2, max: 4 }),
  seed: fc.nat(),
});

/** How the small model is solved. */
export interface SmallSolver {
  readonly method?: Tableau;
  readonly maxSteps?: number;
}

/** An objective built from the blocks that models are made of, and arrays for everything that it reads. */
export interface SmallObjective {
  readonly objective: Objective;
  readonly arrays: Readonly<Record<string, NdArray>>;
  /** Names of the parameters. */
  readonly params: readonly string[];
  /** From now on takes the steps with these ends, whatever their error. */
  freeze(ends: readonly number[]): void;
  dispose(): void;
}

/** cross entropy(head(y(1))), y' = tanh(W2 [tanh(W1 [y, t] + b1), t] + b2). */
export function smallObjective(model: SmallModel, solver: SmallSolver, target: Target): SmallObjective {
  const { batch, features, hidden, classes, seed } = model;
  const field = sequential({
    hidden: dense({ inputs: features, outputs: hidden, activation: "tanh", time: true }),
    output: dense({ inputs: hidden, outputs: features, activation: "tanh", time: true }),
  });
  const head = dense({ inputs: features, outputs: classes });
  const shapes = namedParams({ field, head });
  const { method = tsit5, maxSteps = 1000 } = solver;
  const options = {
    field: fieldSignature(field, [batch, features]),
    method,
    names: {
      state: "inputs",
      params: Object.keys(shapes).filter((name) => name.startsWith("field.")),
      result: "final",
    },
    span: [0, 1] as const,
    rtol: 1e-4,
    atol: 1e-4,
    controller: integralController,
    maxSteps,
    grid: undefined as readonly number[] | undefined,
  };
  const params = Object.keys(shapes);
  const logits = [batch, classes];
  const blocks = [
    odeBlock(options, target),
    layerBlock(
      {
        layer: head,
        name: "head",
        reads: "final",
        shape: [batch, features],
        writes: "output",
        pullsBackRows: true,
      },
      target,
    ),
    tracedBlock(
      {
        reads: { output: logits, targets: logits },
        withRespectTo: ["output"],
        of: [lossName],
        run: ({ output, targets }) => ({ [lossName]: softmaxCrossEntropy(output, targets) }),
      },
      target,
    ),
  ];
  const objective = new Objective(blocks, target);
  const numbers = normalArrays([[batch, features], ...Object.values(shapes)], seed);
  return {
    objective,
    params,
    arrays: {
      inputs: numbers[0],
      targets: randomClasses(batch, classes, seed),
      ...Object.fromEntries(params.map((name, i) => [name, numbers[i + 1]])),
    },
    freeze: (ends) => {
      options.grid = ends;
    },
    dispose: () => {
      objective.dispose();
      for (const block of blocks) block.dispose();
    },
  };
}

function randomClasses(batch: number, classes: number, seed: number): NdArray {
  const random = new Random(seed).split("classes");
  const data = new Float64Array(batch * classes);
  for (let row = 0; row < batch; row++) data[row * classes + random.integer(classes)] = 1;
  return ndArray([batch, classes], data);
}

/** A context for training with penalties, at half of it. */
export function halfway(regularizers: ForwardContext["regularizers"]): ForwardContext {
  return { differentiate: true, regularizers, progress: 0.5, random: new Random(1) };
}

/** Puts arrays on a target for as long as `run` takes. */
export function withValues<T>(
  arrays: Readonly<Record<string, NdArray>>,
  target: Target,
  run: (values: NamedValues) => T,
): T {
  const values = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, target.put(array)]));
  try {
    return run(values);
  } finally {
    for (const value of Object.values(values)) target.free(value);
  }
}
