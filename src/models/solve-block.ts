import type { Shape } from "../compiler/shape.js";
import type { NamedValues, Target, Value } from "../compiler/targets/target.js";
import { type Block, evaluation, type ForwardContext } from "./block.js";
import type { PenalisedSolve, SolveStart } from "./penalised-solve.js";
import { entryNames, stackBlock, stackName } from "./stack-block.js";

/** Names by which a solve reads and writes. */
export interface SolveNames {
  readonly state: string;
  /** The field's parameters, in its order. */
  readonly params: readonly string[];
  /** The final state. */
  readonly result: string;
  /** The states at `saveAt`, stacked to [times, ...state]. */
  readonly saved?: string;
}

/** What a solve as a block is made of. */
export interface SolveBlockParts {
  /** The block's name, for messages. */
  readonly name: string;
  readonly shape: Shape;
  readonly names: SolveNames;
  readonly saveAt?: readonly number[];
  readonly solve: (start: SolveStart, context: ForwardContext) => PenalisedSolve;
  readonly dispose: () => void;
}

/**
 * A solve of whatever equation as a block: reads the initial state and the parameters, writes the final state and, where
 * asked for, the saved ones.
 *
 * @throws RangeError when only one of `saveAt` and `names.saved` is given.
 */
export function solveBlock(
  { name, shape, names, saveAt, solve: solved, dispose }: SolveBlockParts,
  target: Target,
): Block {
  if ((saveAt === undefined) !== (names.saved === undefined)) {
    const [given, missing] = saveAt ? ["saveAt", "names.saved"] : ["names.saved", "saveAt"];
    throw new RangeError(`${name}: ${given} was given without ${missing}; they go together`);
  }
  const stack = saveAt && stackBlock(saveAt.length, shape, target);
  return {
    forward: (read, context) => {
      const start = { state: read[names.state], params: names.params.map((param) => read[param]) };
      const penalised = solved(start, context);
      const { state, saved, record } = penalised.solve;
      const stacked = stack?.forward(entriesOf(saved), evaluation);
      return {
        written: {
          [names.result]: state,
          ...(names.saved && stacked ? { [names.saved]: stacked.written[stackName] } : {}),
        },
        penalty: penalised.penalty,
        solve: record,
        pullback: (cotangents) => {
          const onSaved = names.saved && cotangents[names.saved];
          const entries = onSaved ? stacked?.pullback({ [stackName]: onSaved }) : undefined;
          try {
            const gradients = penalised.pullback({
              state: cotangents[names.result],
              saved: entries && Object.values(entries),
            });
            return byName(names, gradients.state[0], gradients.params);
          } finally {
            for (const value of Object.values(entries ?? {})) target.free(value);
          }
        },
        release: () => {
          stacked?.release();
          penalised.release();
        },
      };
    },
    dispose: () => {
      dispose();
      stack?.dispose();
    },
  };
}

function entriesOf(values: readonly Value[]): NamedValues {
  return Object.fromEntries(entryNames(values.length).map((name, i) => [name, values[i]]));
}

function byName(names: SolveNames, state: Value, params: readonly Value[]): NamedValues {
  return { [names.state]: state, ...Object.fromEntries(names.params.map((name, i) => [name, params[i]])) };
}
