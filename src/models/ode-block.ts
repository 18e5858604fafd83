import type { NamedValues, Target, Value } from "../compiler/targets/target.js";
import type { SolverMethod } from "../solvers/ode/auto-switch.js";
import type { Controller } from "../solvers/ode/controllers.js";
import type { FieldSignature } from "../solvers/ode/ode-problem.js";
import type { Tolerances } from "../solvers/ode/step.js";
import { type Block, evaluation } from "./block.js";
import { FieldPrograms } from "./field-programs.js";
import { PenalisedSolve } from "./penalised-solve.js";
import { entryNames, stackBlock, stackName } from "./stack-block.js";

/** How an ODE block solves. */
export interface OdeSolverOptions extends Tolerances {
  readonly span: readonly [number, number];
  readonly controller: Controller;
  readonly maxSteps: number;
  /** Ends of prescribed steps, which are taken whatever their error; chosen by the controller when absent. */
  readonly grid?: readonly number[];
}

/** What an ODE block solves. */
export interface OdeBlockOptions extends OdeSolverOptions {
  /** A field whose state is a single array. */
  readonly field: FieldSignature;
  readonly method: SolverMethod;
  /** Times, in order, at which the state is saved; `names.saved` says under which name. */
  readonly saveAt?: readonly number[];
  readonly names: OdeBlockNames;
}

/** Names by which an ODE block reads and writes. */
export interface OdeBlockNames {
  readonly state: string;
  /** The field's parameters, in its order. */
  readonly params: readonly string[];
  /** The final state. */
  readonly result: string;
  /** The states at `saveAt`, stacked to [times, ...state]. */
  readonly saved?: string;
}

/**
 * A solve as a block: reads the initial state and the field's parameters, writes the final state and, where asked for, the
 * saved ones. What regularizers add to the problem is there while they are; without them the plain problem is solved.
 *
 * @throws RangeError when only one of `saveAt` and `names.saved` is given, the field's state is not a single array, or its
 * components have tolerances of their own.
 */
export function odeBlock(options: OdeBlockOptions, target: Target): Block {
  const { field, names, saveAt = [] } = options;
  requireConsistent(options);
  const programs = new FieldPrograms(field, names.params, target);
  const stack = names.saved ? stackBlock(saveAt.length, field.stateShapes[0], target) : undefined;
  return {
    forward: (read, context) => {
      const start = { state: read[names.state], params: names.params.map((name) => read[name]) };
      const solve = new PenalisedSolve(programs, options, start, context);
      const { steps, stats, state, saved } = solve.trajectory;
      const stacked = stack?.forward(entriesOf(saved.map(([entry]) => entry)), evaluation);
      return {
        written: {
          [names.result]: state[0],
          ...(names.saved && stacked ? { [names.saved]: stacked.written[stackName] } : {}),
        },
        penalty: solve.penalty,
        solve: { steps, stats },
        pullback: (cotangents) => {
          const onSaved = names.saved && cotangents[names.saved];
          const entries = onSaved ? stacked?.pullback({ [stackName]: onSaved }) : undefined;
          try {
            const gradients = solve.pullback({
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
          solve.release();
        },
      };
    },
    dispose: () => {
      programs.dispose();
      stack?.dispose();
    },
  };
}

function requireConsistent({ field, names, saveAt }: OdeBlockOptions): void {
  if ((saveAt === undefined) !== (names.saved === undefined)) {
    const [given, missing] = saveAt ? ["saveAt", "names.saved"] : ["names.saved", "saveAt"];
    throw new RangeError(`odeBlock: ${given} was given without ${missing}; they go together`);
  }
  if (field.tolerances) {
    throw new RangeError(
      "odeBlock: tolerances by component are for solve; a block takes one rtol and one atol",
    );
  }
  if (field.stateShapes.length === 1) return;
  throw new RangeError(
    `odeBlock: the field's state must be a single array, it has ${field.stateShapes.length} (${field.state.paths.join(", ")})`,
  );
}

function entriesOf(values: readonly Value[]): NamedValues {
  return Object.fromEntries(entryNames(values.length).map((name, i) => [name, values[i]]));
}

function byName(names: OdeBlockNames, state: Value, params: readonly Value[]): NamedValues {
  return { [names.state]: state, ...Object.fromEntries(names.params.map((name, i) => [name, params[i]])) };
}
