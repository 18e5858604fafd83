import fc from "fast-check";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import type { Target } from "../../src/compiler/targets/target.js";
import { sdeBlock } from "../../src/models/sde-block.js";
import type { StochasticLayers } from "../../src/models/sde-signature.js";
import { dense } from "../../src/nn/dense.js";
import { namedParams } from "../../src/nn/named-layers.js";
import { sequential } from "../../src/nn/sequential.js";
import { sosri } from "../../src/solvers/sde/tableaux/sosri.js";
import type { StochasticTableau } from "../../src/solvers/sde/tableaux/stochastic-tableau.js";
import { normalArrays } from "../laws/numbers.js";
import { type Arrays, PenalisedBlock } from "../regularizers/penalised-block.js";

/** A small neural SDE with numbers for everything it reads. */
export interface SmallNoise extends StochasticLayers {
  readonly inputs: NdArray;
  /** By the names `drift....` and `diffusion....` */
  readonly params: Arrays;
}

/** Drift and diffusion as in the experiments: a hidden layer, and a linear one. */
export const smallNoise: fc.Arbitrary<SmallNoise> = fc
  .record({ batch: fc.integer({ min: 1, max: 3 }), features: fc.integer({ min: 1, max: 3 }), seed: fc.nat() })
  .map(({ batch, features, seed }) => {
    const drift = sequential({
      hidden: dense({ inputs: features, outputs: 4, activation: "tanh", time: true }),
      output: dense({ inputs: 4, outputs: features }),
    });
    const diffusion = dense({ inputs: features, outputs: features });
    const shapes = namedParams({ drift, diffusion });
    const [inputs, ...arrays] = normalArrays([[batch, features], ...Object.values(shapes)], seed);
    const params = Object.fromEntries(Object.keys(shapes).map((name, i) => [name, arrays[i]]));
    return { drift, diffusion, inputs, params };
  });

/** How it is solved. */
export interface NoiseSettings {
  readonly tolerance?: number;
  readonly saveAt?: readonly number[];
  readonly method?: StochasticTableau;
  readonly maxSteps?: number;
  readonly target?: Target;
}

/** A small neural SDE in a block: reads "inputs" and the parameters. */
export class PenalisedNoise extends PenalisedBlock {
  constructor({ drift, diffusion, inputs, params }: SmallNoise, settings: NoiseSettings = {}) {
    const { tolerance = 0.1, saveAt, method = sosri, maxSteps, target = javascriptTarget } = settings;
    const options = {
      drift,
      diffusion,
      shape: inputs.shape,
      method,
      maxSteps,
      rtol: tolerance,
      atol: tolerance,
      span: [0, 1] as const,
      saveAt,
      grid: undefined as readonly number[] | undefined,
      names: {
        state: "inputs",
        params: Object.keys(params),
        result: "final",
        ...(saveAt && { saved: "saved" }),
      },
    };
    super(sdeBlock(options, target), options, { inputs, ...params }, target);
  }
}
