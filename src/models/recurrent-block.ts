import { zeros } from "../compiler/nd-array.js";
import type { Target } from "../compiler/targets/target.js";
import { namedParams } from "../nn/named-layers.js";
import type { Horizon } from "../regularizers/regularizer.js";
import type { Block } from "./block.js";
import { horizonOf } from "./horizon.js";
import type { RecurrentCell } from "./recurrent-cell.js";
import { RecurrentPass } from "./recurrent-pass.js";
import { RecurrentPrograms, type SequenceShape } from "./recurrent-programs.js";

/** Where a recurrent network stands in a model. */
export interface RecurrentBlockOptions {
  readonly cell: RecurrentCell;
  /** The network's name in the model, before its parameters' names. */
  readonly name: string;
  readonly reads: string;
  readonly shape: SequenceShape;
  /** The times of the entries, which regularizers move as they move those of the solve. */
  readonly horizon: Required<Horizon>;
  readonly writes: string;
}

/**
 * Reads a sequence from its last entry to its first, and writes the state after that, of shape [batch, stateSize]. There are
 * gradients for the parameters, none for the sequence.
 */
export function recurrentBlock(options: RecurrentBlockOptions, target: Target): Block {
  const { cell, name, reads, shape, horizon, writes } = options;
  const shapes = namedParams(cell.layers);
  const paramNames = Object.keys(shapes).map((key) => `${name}.${key}`);
  const programs = new RecurrentPrograms(cell, shape, target);
  const [initial, ...sums] = [[shape[1], cell.stateSize], ...Object.values(shapes)].map((each) =>
    target.put(zeros(each)),
  );
  return {
    forward: (read, context) => {
      const { saveAt: times = horizon.saveAt } = horizonOf(context, horizon);
      const pass = new RecurrentPass(programs, target, {
        sequence: read[reads],
        params: paramNames.map((param) => read[param]),
        gaps: times.map((time, i) => (times[i + 1] ?? time) - time),
        initial,
        isTaped: context.differentiate,
      });
      return {
        written: { [writes]: pass.state },
        penalty: 0,
        pullback: ({ [writes]: cotangent }) => {
          const gradients = pass.pullback(cotangent ?? initial, sums);
          return Object.fromEntries(paramNames.map((param, i) => [param, gradients[i]]));
        },
        release: () => pass.release(),
      };
    },
    dispose: () => {
      programs.dispose();
      for (const value of [initial, ...sums]) target.free(value);
    },
  };
}
