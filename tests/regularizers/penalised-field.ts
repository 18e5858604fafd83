import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import type { Target } from "../../src/compiler/targets/target.js";
import { fieldSignature } from "../../src/models/field-signature.js";
import { odeBlock } from "../../src/models/ode-block.js";
import type { SolverMethod } from "../../src/solvers/ode/auto-switch.js";
import { integralController } from "../../src/solvers/ode/controllers.js";
import { tsit5 } from "../../src/solvers/tableaux/tsit5.js";
import { PenalisedBlock } from "./penalised-block.js";
import type { SmallField } from "./small-fields.js";

/** How the field is solved. */
export interface SolveSettings {
  readonly tolerance?: number;
  readonly span?: readonly [number, number];
  readonly saveAt?: readonly number[];
  readonly method?: SolverMethod;
  readonly target?: Target;
}

/** A field in an ODE block, with numbers for what it reads: "inputs" and "field...." */
export class PenalisedField extends PenalisedBlock {
  constructor({ layer, params, inputs }: SmallField, settings: SolveSettings = {}) {
    const { tolerance = 1e-5, span = [0, 1], saveAt, method = tsit5, target = javascriptTarget } = settings;
    const own = Object.entries(params).map(([name, array]) => [`field.${name}`, array] as const);
    const options = {
      field: fieldSignature(layer, inputs.shape),
      method,
      rtol: tolerance,
      atol: tolerance,
      controller: integralController,
      maxSteps: 1000,
      span,
      saveAt,
      grid: undefined as readonly number[] | undefined,
      names: {
        state: "inputs",
        params: own.map(([name]) => name),
        result: "final",
        ...(saveAt && { saved: "saved" }),
      },
    };
    super(odeBlock(options, target), options, { inputs, ...Object.fromEntries(own) }, target);
  }
}
