import type { Shape } from "../../../../shape.js";
import type { Place } from "../storage.js";

/** An array as a nest of loops walks over it. */
export interface Access {
  readonly base: Place["base"];
  /** Bytes from the base to the first element. */
  readonly offset: number;
  /** Elements to go on along each loop. */
  readonly strides: readonly number[];
}

/**
 * The strides of an operand along the loops over a shape: operands are repeated along axes that they lack, and axes of
 * length 1 have no loop.
 */
export function loopStrides(iterated: Shape, operand: Shape, strides: readonly number[]): number[] {
  const lead = iterated.length - operand.length;
  return iterated.flatMap((length, axis) => {
    if (length === 1) return [];
    return axis < lead || operand[axis - lead] === 1 ? [0] : [strides[axis - lead]];
  });
}

/** Loops, and what they walk over. */
export interface Loops {
  readonly lengths: readonly number[];
  /** In the order of the accesses given. */
  readonly accesses: readonly Access[];
}

/** Joins neighbouring loops wherever every access goes on over their border in equal steps. */
export function joinedLoops(shape: Shape, accesses: readonly Access[]): Loops {
  const lengths: number[] = [];
  const strides = accesses.map((): number[] => []);
  shape.forEach((length, axis) => {
    const last = lengths.length - 1;
    const joins =
      last >= 0 && accesses.every((access, i) => strides[i][last] === length * access.strides[axis]);
    if (joins) lengths[last] *= length;
    else lengths.push(length);
    accesses.forEach((access, i) => {
      strides[i][joins ? last : last + 1] = access.strides[axis];
    });
  });
  return { lengths, accesses: accesses.map((access, i) => ({ ...access, strides: strides[i] })) };
}
