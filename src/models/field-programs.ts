import { SharedCache } from "../compiler/targets/shared-cache.js";
import type { Target } from "../compiler/targets/target.js";
import type { IntegrandRegularizer, ParameterRegularizer } from "../regularizers/regularizer.js";
import type { SolverMethod } from "../solvers/ode/auto-switch.js";
import { numberOf } from "../solvers/ode/object-numbers.js";
import type { FieldSignature } from "../solvers/ode/ode-problem.js";
import { OdePrograms } from "../solvers/ode/ode-programs.js";
import { fieldWithIntegrals } from "./integrals.js";
import { ParameterPenalty } from "./parameter-penalty.js";

/** How many sets of programs are kept for the next solve: alone, with integrals, with the method of local steps. */
const cachedSets = 8;

/** Programs that are in use until they are released. */
export interface InUse<T> {
  readonly value: T;
  release(): void;
}

/** The programs of one field: alone and beside its penalties' integrals, compiled when first needed. */
export class FieldPrograms {
  private readonly odes = new SharedCache<OdePrograms>(cachedSets);
  private readonly penalties = new SharedCache<ParameterPenalty>(cachedSets);

  constructor(
    private readonly field: FieldSignature,
    private readonly paramNames: readonly string[],
    private readonly target: Target,
  ) {}

  /** What solves the field by a method, with integrals beside its state. */
  ode(method: SolverMethod, integrands: readonly IntegrandRegularizer[] = []): InUse<OdePrograms> {
    const key = [method, ...integrands].map(numberOf).join();
    const { field, target } = this;
    return this.odes.acquire(
      key,
      () =>
        new OdePrograms(fieldWithIntegrals(field, integrands), {
          method,
          target,
          precision: target.precision,
        }),
    );
  }

  /** What evaluates a penalty on the field's parameters. */
  parameterPenalty(regularizer: ParameterRegularizer): InUse<ParameterPenalty> {
    return this.penalties.acquire(String(numberOf(regularizer)), () => {
      const shapes = this.paramNames.map((name, i) => [name, this.field.paramShapes[i]] as const);
      return new ParameterPenalty(regularizer, Object.fromEntries(shapes), this.target);
    });
  }

  /** Gives back what is not in use. */
  dispose(): void {
    this.odes.clear();
    this.penalties.clear();
  }
}
