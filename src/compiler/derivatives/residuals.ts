import { type Graph, liveNodes, type NamedNodes, resultsOf } from "../graph/graph.js";
import type { Node } from "../graph/node.js";
import { expensiveOperations } from "../operations/expensive-operations.js";
import { sizeOf } from "../shape.js";
import { minimumCut } from "./minimum-cut.js";
import { substitute } from "./substitute.js";
import { type VjpOptions, vjp } from "./vjp.js";
import { withoutCustomGradients } from "./without-custom-gradients.js";

/** A vjp in two programs, of which the second does not compute again what the first had already. */
export interface ResidualVjp {
  /** The graph with more outputs behind its own: values to keep for the pullback. */
  readonly forward: Graph;
  /** Names of the outputs of `forward` that the pullback takes, in order. */
  readonly residuals: readonly string[];
  /** The vjp with more inputs, the residuals, behind all others. */
  pullback(options: VjpOptions): Graph;
}

/** Which values may be kept: whole arrays, too, or single numbers alone, for targets where every array more is dear. */
export type ResidualSizes = "arrays" | "numbers";

/** What decides which values are kept. */
export interface ResidualOptions {
  /** Names of outputs that are kept in any case, and cost nothing more. @defaultValue none */
  readonly atHand?: readonly string[];
  /** @defaultValue "arrays" */
  readonly sizes?: ResidualSizes;
}

/** Name of a residual where it goes into a pullback, and where it comes out, unless it has a name already. */
const residualName = ({ id }: Node): string => `residual.${id}`;

/**
 * Splits a vjp between a forward program and pullbacks, so that matrix products, reductions and transcendental functions
 * are computed once: of all sets of values from which a pullback can do without them, the one of the fewest elements is
 * kept, and everything else is computed again, from it and the inputs, by cheap elementwise passes and copies. It is a
 * minimum cut between the expensive operations and what the backward sweep reads (He, Yu, Transcending Runtime-Memory
 * Tradeoffs in Checkpointing by being Fusion Aware, MLSys 2023).
 *
 * Where only numbers are kept, arrays are computed again; but a pullback that needs a norm over all rows of a batch need not
 * go through them a first time to find it.
 *
 * @param widest The residuals suffice for this vjp, and for all of fewer results; others compute again what they lack.
 * @throws RangeError where `vjp` does.
 */
export function residualVjp(
  graph: Graph,
  widest: VjpOptions,
  { atHand = [], sizes = "arrays" }: ResidualOptions = {},
): ResidualVjp {
  const { builder } = graph;
  const plain = withoutCustomGradients(graph);
  const given = new Map(atHand.map((name) => [plain.outputs[name], name]));
  const widestVjp = withoutCustomGradients(vjp(graph, widest));
  const residuals = residualsOf(plain, widestVjp, new Set(given.keys()), sparedFor(sizes));
  const names = residuals.map((node) => given.get(node) ?? residualName(node));
  const named = Object.fromEntries(names.map((name, k) => [name, residuals[k]]));
  return {
    forward: { ...plain, outputs: { ...plain.outputs, ...named } },
    residuals: names,
    pullback: (options) => {
      const backward = withoutCustomGradients(vjp(graph, options));
      const inputs = residuals.map((node) => builder.input(residualName(node), node.shape));
      const replaced = new Map<Node, Node>(residuals.map((node, k) => [node, inputs[k]]));
      const fromResiduals = (nodes: NamedNodes): NamedNodes => {
        const results = substitute(builder, Object.values(nodes), replaced);
        return Object.fromEntries(Object.keys(nodes).map((name, i) => [name, results[i]]));
      };
      return {
        ...backward,
        inputs: [...backward.inputs, ...inputs],
        outputs: fromResiduals(backward.outputs),
        readouts: fromResiduals(backward.readouts),
      };
    },
  };
}

/** The values to keep. Between equally many elements, those that the forward program has in any case. */
function residualsOf(
  forward: Graph,
  backward: Graph,
  atHand: ReadonlySet<Node>,
  isSpared: (node: Node) => boolean,
): Node[] {
  const { earlier, readLater } = divided(forward, backward);
  const computedAnyway = new Set(liveNodes(resultsOf(forward)));
  const readers = recomputingReaders(earlier, isSpared);
  const cut = minimumCut(
    earlier.map((node, i) => ({
      cost: atHand.has(node) ? 0 : costOf(node) * (computedAnyway.has(node) ? 1 : dearerIfExtra),
      next: readers[i],
      isSource: isSpared(node),
      isSink: readLater.has(node),
    })),
  );
  return cut.map((number) => earlier[number]);
}

/** What the backward program computes from the graph's own inputs alone, and what else reads of it. */
function divided(forward: Graph, backward: Graph): { earlier: Node[]; readLater: ReadonlySet<Node> } {
  const given = new Set<Node>([...forward.inputs, ...forward.scalars]);
  const nodes = liveNodes(resultsOf(backward));
  const later = new Set<Node>(); // what depends on cotangents or running sums
  for (const node of nodes) {
    const isNewInput = node.operation === "input" && !given.has(node);
    if (isNewInput || node.inputs.some((input) => later.has(input))) later.add(node);
  }
  const isKnown = ({ operation }: Node): boolean => operation === "input" || operation === "constant";
  return {
    earlier: nodes.filter((node) => !later.has(node) && !isKnown(node)),
    readLater: new Set([...resultsOf(backward), ...[...later].flatMap((node) => node.inputs)]),
  };
}

/** For each node the numbers of those that would be computed again from it. */
function recomputingReaders(nodes: readonly Node[], isSpared: (node: Node) => boolean): number[][] {
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const readers = nodes.map((): number[] => []);
  nodes.forEach((node, i) => {
    if (isSpared(node)) return;
    for (const input of node.inputs) {
      const number = numbers.get(input);
      if (number !== undefined) readers[number].push(i);
    }
  });
  return readers;
}

/** Decides between equal sets only. */
const dearerIfExtra = 1 + 1e-6;

/** Says which nodes the backward program is not to compute again. */
function sparedFor(sizes: ResidualSizes): (node: Node) => boolean {
  return ({ operation, type, shape }) =>
    type === "real" && expensiveOperations.has(operation) && (sizes === "arrays" || sizeOf(shape) === 1);
}

/** Elements; only reals can be kept. */
function costOf({ shape, type }: Node): number {
  return type === "real" ? sizeOf(shape) : Number.POSITIVE_INFINITY;
}
