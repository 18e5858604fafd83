/** A rooted tree, given by its root's branches; a leaf has none. */
export interface RootedTree {
  readonly branches: readonly RootedTree[];
}

/** Number of vertices: the order of the condition that the tree stands for. */
function orderOf({ branches }: RootedTree): number {
  return 1 + branches.reduce((sum, branch) => sum + orderOf(branch), 0);
}

/** All rooted trees of an order, each once: a root with the trees of every partition of the other vertices. */
export function rootedTrees(order: number): RootedTree[] {
  return forests(order - 1, order - 1, Number.POSITIVE_INFINITY).map((branches) => ({ branches }));
}

/** Multisets of trees with so many vertices in all, sorted downwards by order and place in the list of their order. */
function forests(vertices: number, largest: number, lastPlace: number): RootedTree[][] {
  if (vertices === 0) return [[]];
  const found: RootedTree[][] = [];
  for (let order = Math.min(vertices, largest); order >= 1; order--) {
    rootedTrees(order).forEach((tree, place) => {
      if (order === largest && place > lastPlace) return;
      for (const rest of forests(vertices - order, order, place)) found.push([tree, ...rest]);
    });
  }
  return found;
}

/** gamma(tree): the product of the orders of all subtrees (Butcher; Hairer, Norsett, Wanner I, II.2, def. 2.10). */
function density(tree: RootedTree): number {
  return tree.branches.reduce((product, branch) => product * density(branch), orderOf(tree));
}

/** The elementary weight of each stage: the product over the branches of sum_j a_ij weight_j(branch). */
function stageWeights(tree: RootedTree, a: readonly (readonly number[])[]): number[] {
  const branches = tree.branches.map((branch) => stageWeights(branch, a));
  return a.map((row) =>
    branches.reduce(
      (product, weights) => product * row.reduce((sum, aij, j) => sum + aij * weights[j], 0),
      1,
    ),
  );
}

/** How far a method with these weights is from satisfying one order condition: sum_i b_i weight_i = 1 / gamma. */
export function orderResidual(
  tree: RootedTree,
  a: readonly (readonly number[])[],
  b: readonly number[],
): number {
  const weights = stageWeights(tree, a);
  return Math.abs(b.reduce((sum, bi, i) => sum + bi * weights[i], 0) - 1 / density(tree));
}
