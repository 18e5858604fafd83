import { SharedCache } from "../compiler/targets/shared-cache.js";
import type { Target } from "../compiler/targets/target.js";
import type { IntegrandRegularizer } from "../regularizers/regularizer.js";
import type { SolverMethod } from "../solvers/ode/auto-switch.js";
import { numberOf } from "../solvers/ode/object-numbers.js";
import type { FieldSignature } from "../solvers/ode/ode-problem.js";
import { OdePrograms } from "../solvers/ode/ode-programs.js";
import { fieldWithIntegrals } from "./integrals.js";
import type { InUse } from "./parameter-penalties.js";

/** How many sets of programs are kept for the next solve: alone, with integrals, with the method of local steps. */
const cachedSets = 8;

/** The programs of one field: alone and beside its penalties' integrals, compiled when first needed. */
export class FieldPrograms {
  private readonly odes = new SharedCache<OdePrograms>(cachedSets);

  constructor(
    private readonly field: FieldSignature,
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

  /** Gives back what is not in use. */
  dispose(): void {
    this.odes.clear();
  }
}
