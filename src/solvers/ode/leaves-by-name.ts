import { flattenTree, type Tree, type TreeStructure } from "../../compiler/tree.js";

/**
 * What a tree says of each leaf of a state: a name stands for all leaves under it. Undefined for leaves of which it says
 * nothing.
 *
 * @throws TypeError for a name that the state has not.
 */
export function leavesByName<T>(
  tree: Tree<T>,
  isLeaf: (value: unknown) => value is T,
  { paths }: TreeStructure,
  what: string,
): (T | undefined)[] {
  const { structure, leaves } = flattenTree(tree, isLeaf);
  const stranger = structure.paths.find((name) => !paths.some((path) => isUnder(path, name)));
  if (stranger !== undefined) {
    throw new TypeError(
      `${what} names "${stranger}", which the state has not; its leaves are ${paths.join(", ") || "one without a name"}`,
    );
  }
  return paths.map((path) => leaves[structure.paths.findIndex((name) => isUnder(path, name))]);
}

function isUnder(path: string, name: string): boolean {
  return name === "" || path === name || path.startsWith(`${name}.`);
}
