import * as tf from "@tensorflow/tfjs-core";
import { type ResidualVjp, residualVjp } from "../compiler/derivatives/residuals.js";
import type { Graph } from "../compiler/graph/graph.js";
import type { Program, Target } from "../compiler/targets/target.js";
import { trace } from "../compiler/trace/trace.js";
import { namedParams } from "../nn/named-layers.js";
import type { RecurrentCell } from "./recurrent-cell.js";

/** A sequence of [entries, batch, columns]. */
export type SequenceShape = readonly [entries: number, batch: number, columns: number];

/**
 * The programs of a recurrent network, each compiled when it is first needed. They are those of one cell: all 49 of a record
 * in one program take ten times as long to compile, and twice as long to run, for want of what a cell keeps for its pullback.
 */
export class RecurrentPrograms {
  private readonly compiled = new Map<string, Program>();
  private readonly graph: Graph;
  private readonly params: readonly string[];
  private split: ResidualVjp | undefined;

  constructor(
    cell: RecurrentCell,
    private readonly shape: SequenceShape,
    private readonly target: Target,
  ) {
    const [, batch, columns] = shape;
    const params = namedParams(cell.layers);
    this.params = Object.keys(params);
    const inputs = { state: [batch, cell.stateSize], entry: [batch, columns], ...params };
    this.graph = trace({ inputs, scalars: ["gap"] }, (read) => ({
      outputs: { next: cell.next(read, { state: read.state, entry: read.entry, gap: read.gap }) },
    }));
  }

  /** From a sequence to its entries. */
  get entries(): Program {
    return this.program("entries", () => {
      const { shape } = this;
      return trace({ inputs: { sequence: shape } }, ({ sequence }) => ({
        outputs: Object.fromEntries(tf.unstack(sequence).map((entry, i) => [`entry${i}`, entry])),
      }));
    });
  }

  /** From state, entry, parameters and gap to the next state. */
  get step(): Program {
    return this.program("step", () => this.graph);
  }

  /** The same, with what the pullback needs behind the next state. */
  get differentiableStep(): Program {
    return this.program("differentiable step", () => this.residualVjp.forward);
  }

  /**
   * From what the step reads, running sums for the parameters' gradients, the cotangent of the next state, and what was kept,
   * to the cotangent of the state, and the new sums.
   */
  get pullback(): Program {
    return this.program("pullback", () => this.residualVjp.pullback(this.derivative));
  }

  /** Gives back what was compiled. */
  dispose(): void {
    for (const program of this.compiled.values()) program.dispose();
    this.compiled.clear();
  }

  private get derivative() {
    return { of: ["next"], withRespectTo: ["state", ...this.params], accumulate: this.params };
  }

  private get residualVjp(): ResidualVjp {
    this.split ??= residualVjp(this.graph, this.derivative);
    return this.split;
  }

  private program(name: string, graphOf: () => Graph): Program {
    const program = this.compiled.get(name) ?? this.target.compile(graphOf());
    this.compiled.set(name, program);
    return program;
  }
}
