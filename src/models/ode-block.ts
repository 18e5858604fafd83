import type { Target } from "../compiler/targets/target.js";
import type { SolverMethod } from "../solvers/ode/auto-switch.js";
import type { Controller } from "../solvers/ode/controllers.js";
import type { FieldSignature } from "../solvers/ode/ode-problem.js";
import type { Tolerances } from "../solvers/ode/step.js";
import type { Block } from "./block.js";
import { FieldPrograms } from "./field-programs.js";
import { ParameterPenalties } from "./parameter-penalties.js";
import { PenalisedSolve } from "./penalised-solve.js";
import { type SolveNames, solveBlock } from "./solve-block.js";
import { SolvedOde } from "./solved-ode.js";

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
  readonly names: SolveNames;
}

/**
 * A solve as a block: reads the initial state and the field's parameters, writes the final state and, where asked for, the
 * saved ones. What regularizers add to the problem is there while they are; without them the plain problem is solved.
 *
 * @throws RangeError when only one of `saveAt` and `names.saved` is given, the field's state is not a single array, or its
 * components have tolerances of their own.
 */
export function odeBlock(options: OdeBlockOptions, target: Target): Block {
  const { field, names, saveAt } = options;
  requireSingle(field);
  const programs = new FieldPrograms(field, target);
  const penalties = new ParameterPenalties(names.params, field.paramShapes, target);
  return solveBlock(
    {
      name: "odeBlock",
      shape: field.stateShapes[0],
      names,
      saveAt,
      solve: (start, context) => {
        const solved = new SolvedOde(programs, options, start, context);
        return new PenalisedSolve(solved, penalties, start, context, target);
      },
      dispose: () => {
        programs.dispose();
        penalties.dispose();
      },
    },
    target,
  );
}

function requireSingle({ tolerances, state, stateShapes }: FieldSignature): void {
  if (tolerances) {
    throw new RangeError(
      "odeBlock: tolerances by component are for solve; a block takes one rtol and one atol",
    );
  }
  if (stateShapes.length === 1) return;
  throw new RangeError(
    `odeBlock: the field's state must be a single array, it has ${stateShapes.length} (${state.paths.join(", ")})`,
  );
}
