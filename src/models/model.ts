import type { NdArray } from "../compiler/nd-array.js";
import type { Random } from "../compiler/random.js";
import type { Shape } from "../compiler/shape.js";
import type { Precision, Target } from "../compiler/targets/target.js";
import { initialiseLayers, type NamedLayers, namedParams } from "../nn/named-layers.js";
import type { Block } from "./block.js";

/** The name under which a model reads its batch of rows. */
export const inputsName = "inputs";
/** The name under which a model writes its result. */
export const outputName = "output";

/** A model of rows: blocks from `inputs` to `output`, with the parameters that they read. */
export interface Model {
  readonly target: Target;
  readonly precision: Precision;
  /** Length of an input row. */
  readonly features: number;
  /** Length of an output row. */
  readonly outputs: number;
  /** Shape of the output for a batch of so many rows. */
  outputShape(batch: number): Shape;
  readonly params: Readonly<Record<string, Shape>>;
  /** Draws initial parameters from a seeded stream. */
  initialise(random: Random): Record<string, NdArray>;
  /** The blocks for batches of so many rows, compiled at the first call. */
  blocks(batch: number): readonly Block[];
  /** Gives back what the blocks compiled; the model must not be used afterwards. */
  dispose(): void;
}

/** What a model is made of. */
export interface ModelParts extends Pick<Model, "target" | "precision" | "features" | "outputs"> {
  /** @defaultValue rows: [batch, outputs] */
  readonly outputShape?: (batch: number) => Shape;
  /** The layers whose parameters the model has. */
  readonly layers: NamedLayers;
  /** Makes the blocks for a batch size; called once for each. */
  readonly blocks: (batch: number) => readonly Block[];
}

/** A model from its layers and blocks. */
export function layeredModel({ layers, blocks: make, ...rest }: ModelParts): Model {
  const blocks = new BlocksByBatch(make);
  return {
    outputShape: (batch) => [batch, rest.outputs],
    ...rest,
    params: namedParams(layers),
    initialise: (random) => initialiseLayers(layers, random),
    blocks: (batch) => blocks.get(batch),
    dispose: () => blocks.dispose(),
  };
}

/** Keeps one list of blocks per batch size. */
class BlocksByBatch {
  private readonly known = new Map<number, readonly Block[]>();

  constructor(private readonly make: (batch: number) => readonly Block[]) {}

  /** The blocks for a batch size. */
  get(batch: number): readonly Block[] {
    const blocks = this.known.get(batch) ?? this.make(batch);
    this.known.set(batch, blocks);
    return blocks;
  }

  /** Gives back the programs of all of them. */
  dispose(): void {
    for (const block of [...this.known.values()].flat()) block.dispose();
    this.known.clear();
  }
}
