import type { ArrayLike } from "../../compiler/nd-array.js";
import type { Tree, TreeStructure } from "../../compiler/tree.js";
import { leavesByName } from "./leaves-by-name.js";

/**
 * Which leaves of a state steer the solve's steps, by their names. One that does not is integrated as any other, but counts
 * in no norm: neither in E and its floor, nor in S, nor in the first step; it may even become infinite unnoticed. `false`
 * for a name stands for all leaves under it.
 */
export type Steering<Y = Tree<ArrayLike>> =
  | boolean
  | (Y extends ArrayLike ? never : { readonly [Name in keyof Y]?: Steering<Y[Name]> });

/**
 * Whether each leaf steers; undefined if all do.
 *
 * @throws TypeError for a name that the state has not; RangeError if no leaf is left to steer.
 */
export function steeringLeaves(
  steers: Tree<boolean>,
  structure: TreeStructure,
): readonly boolean[] | undefined {
  const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
  const named = leavesByName(steers, isBoolean, structure, "odeProblem: steers");
  const chosen = named.map((leaf) => leaf ?? true);
  if (!chosen.includes(true)) {
    throw new RangeError("odeProblem: steers leaves no leaf to steer the steps; at least one must");
  }
  return chosen.includes(false) ? chosen : undefined;
}
