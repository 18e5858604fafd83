import type { NdArray } from "../nd-array.js";
import type { Target, Value } from "./target.js";

/** Remembers which values one piece of work owns, so that every one is freed exactly once. */
export class ValueScope {
  private owned: Value[] = [];

  constructor(private readonly target: Target) {}

  /** Takes values over; returns them. */
  own<T extends readonly Value[]>(values: T): T {
    for (let i = 0; i < values.length; i++) this.owned.push(values[i]);
    return values;
  }

  /** Whether a value is one of those that are owned here. */
  owns(value: Value): boolean {
    return this.owned.includes(value);
  }

  /** Copies arrays to the target and owns them there. */
  put(arrays: readonly NdArray[]): Value[] {
    return arrays.map((array) => this.own([this.target.put(array)])[0]);
  }

  /** Frees those of the values that are owned here; others are left alone. */
  free(values: readonly Value[]): void {
    for (let i = values.length - 1; i >= 0; i--) {
      if (this.forget(values[i])) this.target.free(values[i]);
    }
  }

  /** Hands values over to the caller, who frees them. */
  surrender<T extends readonly Value[]>(values: T): T {
    for (const value of values) this.forget(value);
    return values;
  }

  /** Frees everything that is still owned. */
  release(): void {
    for (const value of this.owned) this.target.free(value);
    this.owned = [];
  }

  /** What is let go of was mostly taken over lately: a search from the end beats a set. */
  private forget(value: Value): boolean {
    const { owned } = this;
    let place = owned.length - 1;
    while (place >= 0 && owned[place] !== value) place--;
    if (place < 0) return false;
    const last = owned.pop() as Value;
    if (place < owned.length) owned[place] = last;
    return true;
  }
}
