import type { Block } from "../models/block.js";
import { type Model, outputName } from "../models/model.js";
import { lossName, Objective } from "../models/objective.js";
import { tracedBlock } from "../models/traced-block.js";
import type { Loss } from "../nn/losses.js";
import { correctCount } from "../nn/metrics.js";

/** The name under which a batch's targets are read. */
export const targetsName = "targets";
/** The name under which the number of rightly classified rows is written. */
export const correctName = "correct";

/** Objectives of a classifier, one for each batch size, over the model's own blocks. */
export class ClassifierObjectives {
  private readonly known = new Map<number, { readonly objective: Objective; readonly lossBlock: Block }>();

  constructor(
    private readonly model: Model,
    private readonly loss: Loss,
  ) {}

  /** The objective for batches of so many rows. */
  get(batch: number): Objective {
    const known = this.known.get(batch);
    if (known) return known.objective;
    const { target, outputs } = this.model;
    const shape = [batch, outputs];
    const lossBlock = tracedBlock(
      {
        reads: { [outputName]: shape, [targetsName]: shape },
        withRespectTo: [outputName],
        of: [lossName],
        run: (read) => ({
          [lossName]: this.loss(read[outputName], read[targetsName]),
          [correctName]: correctCount(read[outputName], read[targetsName]),
        }),
      },
      target,
    );
    const objective = new Objective([...this.model.blocks(batch), lossBlock], target);
    this.known.set(batch, { objective, lossBlock });
    return objective;
  }

  /** Gives back the programs; the model's own stay. */
  dispose(): void {
    for (const { objective, lossBlock } of this.known.values()) {
      lossBlock.dispose();
      objective.dispose();
    }
    this.known.clear();
  }
}
