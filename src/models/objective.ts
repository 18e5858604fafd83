import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../compiler/graph/graph.js";
import { array } from "../compiler/nd-array.js";
import type { Shape } from "../compiler/shape.js";
import type { NamedValues, Program, Target, Value } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import { trace } from "../compiler/trace/trace.js";
import type { Block, BlockRun, ForwardContext } from "./block.js";

/** A loss with its parts. */
export interface ObjectiveValue {
  /** What the last block calls `loss`, without penalties. */
  readonly loss: number;
  /** Weighted penalties. */
  readonly penalty: number;
  /** The runs, in order, for what they know: solves, results. */
  readonly runs: readonly BlockRun[];
  /** Everything that was read and written, by name. */
  readonly values: NamedValues;
  /** Gradients of loss + penalty for the named values; the caller frees them. */
  gradients(names: readonly string[]): NamedValues;
  /** Frees what the forward pass keeps. */
  release(): void;
}

/** The name under which the loss is written. */
export const lossName = "loss";

/**
 * A loss as a list of blocks that read and write named values. The reverse walk adds cotangents by name, so that blocks may
 * read the same values.
 */
export class Objective {
  private readonly adders = new Map<string, Program>();

  constructor(
    private readonly blocks: readonly Block[],
    private readonly target: Target,
  ) {}

  /** Runs all blocks. */
  evaluate(read: NamedValues, context: ForwardContext): ObjectiveValue {
    const runs: BlockRun[] = [];
    const release = (): void => {
      for (const run of runs) run.release();
    };
    let values = read;
    try {
      for (const block of this.blocks) {
        const run = block.forward(values, context);
        runs.push(run);
        values = { ...values, ...run.written };
      }
      if (!values[lossName]) throw new RangeError(`no block writes "${lossName}"; the last one should`);
      return {
        loss: this.target.get(values[lossName]).data[0],
        penalty: runs.reduce((sum, run) => sum + run.penalty, 0),
        runs,
        values,
        gradients: (names) => this.gradients(runs, names),
        release,
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  private gradients(runs: readonly BlockRun[], names: readonly string[]): NamedValues {
    const scope = new ValueScope(this.target);
    const cotangents: Record<string, Value> = { [lossName]: this.target.put(array(1)) };
    scope.own(Object.values(cotangents));
    try {
      for (const run of [...runs].reverse()) {
        const gradients = run.pullback(cotangents);
        scope.own(Object.values(gradients));
        for (const [name, gradient] of Object.entries(gradients)) {
          const earlier = cotangents[name];
          cotangents[name] = earlier ? this.sum(scope, earlier, gradient) : gradient;
        }
      }
      const wanted = names.map((name) => cotangents[name]);
      const missing = names.find((name) => !cotangents[name]);
      if (missing) throw new RangeError(`the loss does not depend on "${missing}"`);
      scope.surrender(wanted);
      return Object.fromEntries(names.map((name, i) => [name, wanted[i]]));
    } finally {
      scope.release();
    }
  }

  /** Gives back what the reverse walk compiled; the blocks are the model's. */
  dispose(): void {
    for (const program of this.adders.values()) program.dispose();
    this.adders.clear();
  }

  private sum(scope: ValueScope, a: Value, b: Value): Value {
    const key = a.shape.join();
    const program = this.adders.get(key) ?? this.target.compile(additionOf(a.shape));
    this.adders.set(key, program);
    const [total] = scope.own(program.run([a, b], new Float64Array(0), new Float64Array(0)));
    scope.free([a, b]);
    return total;
  }
}

function additionOf(shape: Shape): Graph {
  return trace({ inputs: { a: shape, b: shape } }, ({ a, b }) => ({ outputs: { sum: tf.add(a, b) } }));
}
