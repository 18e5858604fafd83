/** A value, or values under names, nested at will: states and parameters alike. */
export type Tree<T> = T | { readonly [name: string]: Tree<T> };

/** The names of a tree's leaves, in order; two trees of one structure flatten to lists that match. */
export interface TreeStructure {
  /** Path of each leaf, its names joined by dots; a tree that is a single leaf has the one path "". */
  readonly paths: readonly string[];
}

/** A tree taken apart. */
export interface FlatTree<T> {
  readonly structure: TreeStructure;
  readonly leaves: readonly T[];
}

/**
 * Takes a tree apart, in the order in which its names were given.
 *
 * @throws TypeError when an entry is neither a leaf nor named entries, or a name is empty or has a dot.
 */
export function flattenTree<T>(tree: Tree<T>, isLeaf: (value: unknown) => value is T): FlatTree<T> {
  const paths: string[] = [];
  const leaves: T[] = [];
  const visit = (part: Tree<T>, path: string): void => {
    if (isLeaf(part)) {
      paths.push(path);
      leaves.push(part);
    } else if (typeof part === "object" && part !== null) {
      for (const [name, child] of Object.entries(part)) {
        requireSimpleName(name);
        visit(child as Tree<T>, path ? `${path}.${name}` : name);
      }
    } else {
      throw new TypeError(
        `the tree's entry "${path}" is neither a value nor an object of named values: ${part}`,
      );
    }
  };
  visit(tree, "");
  return { structure: { paths }, leaves };
}

function requireSimpleName(name: string): void {
  if (name !== "" && !name.includes(".")) return;
  throw new TypeError(`the name "${name}" cannot stand in a tree: names are not empty and have no dots`);
}

/**
 * Takes a tree apart in the order of a known structure.
 *
 * @throws TypeError naming the leaf that is missing or not expected.
 */
export function leavesOf<T>(
  tree: Tree<T>,
  structure: TreeStructure,
  isLeaf: (value: unknown) => value is T,
  what: string,
): T[] {
  const flat = flattenTree(tree, isLeaf);
  const byPath = new Map(flat.structure.paths.map((path, i) => [path, flat.leaves[i]]));
  for (const path of byPath.keys()) {
    if (!structure.paths.includes(path))
      throw new TypeError(`${what} has an entry ${leafText(path)} that was not expected`);
  }
  return structure.paths.map((path) => {
    const leaf = byPath.get(path);
    if (leaf === undefined) throw new TypeError(`${what} lacks the entry ${leafText(path)}`);
    return leaf;
  });
}

/** Puts leaves back under the names of a structure. */
export function buildTree<T>(structure: TreeStructure, leaves: readonly T[]): Tree<T> {
  if (structure.paths.length === 1 && structure.paths[0] === "") return leaves[0];
  const root: Record<string, unknown> = {};
  structure.paths.forEach((path, i) => {
    const names = path.split(".");
    let branch = root;
    for (const name of names.slice(0, -1)) {
      branch[name] ??= {};
      branch = branch[name] as Record<string, unknown>;
    }
    branch[names[names.length - 1]] = leaves[i];
  });
  return root as Tree<T>;
}

/** "w.bias" in messages; the single leaf of a bare value is called itself. */
export function leafText(path: string): string {
  return path === "" ? "(the value itself)" : `"${path}"`;
}
