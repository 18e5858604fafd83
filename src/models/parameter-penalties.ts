import type { Shape } from "../compiler/shape.js";
import { SharedCache } from "../compiler/targets/shared-cache.js";
import type { Target } from "../compiler/targets/target.js";
import type { ParameterRegularizer } from "../regularizers/regularizer.js";
import { numberOf } from "../solvers/ode/object-numbers.js";
import { ParameterPenalty } from "./parameter-penalty.js";

/** How many compiled penalties are kept for the next solve. */
const cachedPenalties = 8;

/** Programs that are in use until they are released. */
export interface InUse<T> {
  readonly value: T;
  release(): void;
}

/** Penalties on the parameters of one solve's field, compiled when first needed. */
export class ParameterPenalties {
  private readonly compiled = new SharedCache<ParameterPenalty>(cachedPenalties);
  private readonly shapes: Readonly<Record<string, Shape>>;

  /** @param names - those that the parameters have in the model, in the order of their shapes */
  constructor(
    names: readonly string[],
    shapes: readonly Shape[],
    private readonly target: Target,
  ) {
    this.shapes = Object.fromEntries(names.map((name, i) => [name, shapes[i]]));
  }

  /** What evaluates a penalty. */
  get(regularizer: ParameterRegularizer): InUse<ParameterPenalty> {
    const make = (): ParameterPenalty => new ParameterPenalty(regularizer, this.shapes, this.target);
    return this.compiled.acquire(String(numberOf(regularizer)), make);
  }

  /** Gives back what is not in use. */
  dispose(): void {
    this.compiled.clear();
  }
}
