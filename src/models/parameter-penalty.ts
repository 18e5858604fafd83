import { vjp } from "../compiler/derivatives/vjp.js";
import type { Graph } from "../compiler/graph/graph.js";
import type { Shape } from "../compiler/shape.js";
import type { Program, Target, Value } from "../compiler/targets/target.js";
import { trace } from "../compiler/trace/trace.js";
import type { ParameterRegularizer } from "../regularizers/regularizer.js";

/** Something added to a loss whose gradient is one for the field's parameters alone. */
export interface ParameterTerm {
  /** Weighted. */
  readonly value: number;
  /** Adds its gradient to running sums; the caller frees the new sums, and the old ones. */
  pullback(sums: readonly Value[]): readonly Value[];
}

/** A penalty on parameters, compiled for their shapes. */
export class ParameterPenalty {
  private readonly graph: Graph;
  private readonly program: Program;
  private gradient: Program | undefined;

  constructor(
    regularizer: ParameterRegularizer,
    shapes: Readonly<Record<string, Shape>>,
    private readonly target: Target,
  ) {
    this.graph = trace({ inputs: shapes }, (params) => ({
      readouts: { penalty: regularizer.parameters(params) },
    }));
    this.program = target.compile(this.graph);
  }

  /** The penalty at parameters, which are in the order of their shapes. */
  at(params: readonly Value[], weight: number): ParameterTerm {
    const readout = new Float64Array(1);
    this.program.run(params, new Float64Array(0), readout);
    return {
      value: weight * readout[0],
      pullback: (sums) => {
        const names = this.graph.inputs.map(({ name }) => name);
        this.gradient ??= this.target.compile(
          vjp(this.graph, { of: ["penalty"], withRespectTo: names, accumulate: names }),
        );
        return this.gradient.run([...params, ...sums], Float64Array.of(weight), new Float64Array(0));
      },
    };
  }

  /** Gives back the programs. */
  dispose(): void {
    this.program.dispose();
    this.gradient?.dispose();
  }
}
