import type { ArrayLike } from "../../compiler/nd-array.js";
import { flattenTree, type Tree, type TreeStructure } from "../../compiler/tree.js";

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
  { paths }: TreeStructure,
): readonly boolean[] | undefined {
  const { structure, leaves } = flattenTree(steers, (value) => typeof value === "boolean");
  const isUnder = (path: string, name: string): boolean =>
    name === "" || path === name || path.startsWith(`${name}.`);
  for (const name of structure.paths) {
    if (paths.some((path) => isUnder(path, name))) continue;
    throw new TypeError(
      `odeProblem: steers names "${name}", which the state has not; its leaves are ${paths.join(", ")}`,
    );
  }
  const chosen = paths.map((path) => {
    const place = structure.paths.findIndex((name) => isUnder(path, name));
    return place < 0 || leaves[place];
  });
  if (!chosen.includes(true)) {
    throw new RangeError("odeProblem: steers leaves no leaf to steer the steps; at least one must");
  }
  return chosen.includes(false) ? chosen : undefined;
}
