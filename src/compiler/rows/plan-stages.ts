import { type Graph, liveNodes, resultsOf } from "../graph/graph.js";
import type { Node } from "../graph/node.js";
import { isFree, isWorthKeeping } from "./costs.js";
import { levelsOf } from "./levels.js";
import { type PartialResult, partialResults, usedPartials } from "./partial-results.js";
import { reachable } from "./reachable.js";
import type { RowAnalysis } from "./row-analysis.js";
import { isContiguous } from "./row-layout.js";
import { type View, Views } from "./views.js";

/** What one stage reads, computes and leaves behind. */
export interface PlannedStage {
  readonly kind: "rows" | "shared";
  /** Nodes whose values later stages or the caller read. */
  readonly results: ReadonlySet<Node>;
  readonly reads: readonly View[];
  /** In an order in which each can be computed. */
  readonly computes: readonly View[];
}

/** A graph cut into stages. */
export interface StagePlan {
  readonly stages: readonly PlannedStage[];
  readonly views: Views;
  readonly partials: ReadonlyMap<Node, PartialResult>;
}

/**
 * Decides in which stage everything is computed.
 *
 * Results of the graph and reductions over rows are computed as early as they can be, all else in the stages that need
 * it. Rows that several stages need are kept or computed again (`isWorthKeeping`); what is the same for all rows is
 * computed once, in the last stage before it is first needed.
 */
export function planStages(graph: Graph, analysis: RowAnalysis): StagePlan {
  const nodes = liveNodes(resultsOf(graph));
  const partials = partialResults(graph, analysis, nodes);
  const levels = levelsOf(analysis, partials, nodes);
  const outputs = Object.values(graph.outputs);
  const hasRows = (node: Node): boolean => analysis.readings.get(node)?.result === "rows";
  const rowOutputs = outputs.filter((node) => hasRows(node) && node.operation !== "input");
  const early = [...new Set([...rowOutputs, ...usedPartials(graph, nodes, partials)])];
  const planner = new Planner(graph, analysis, partials);
  const last = Math.max(...early.map((node) => levels.get(node) as number));
  for (let level = 1; level <= last; level += 2) {
    planner.addRows(early.filter((node) => levels.get(node) === level));
  }
  planner.addLast(outputs, Object.values(graph.readouts));
  return { stages: planner.stages, views: planner.views, partials };
}

/** A stage of which later ones may still want more. */
interface GrowingStage extends PlannedStage {
  readonly results: Set<Node>;
}

class Planner {
  readonly stages: GrowingStage[] = [];
  readonly views: Views;
  /** The first stage that computes a node by rows, all rows of a partial result, or what is the same for all rows. */
  private readonly firstComputed = new Map<Node, GrowingStage>();

  constructor(
    private readonly graph: Graph,
    private readonly analysis: RowAnalysis,
    private readonly partials: ReadonlyMap<Node, PartialResult>,
  ) {
    this.views = new Views(analysis.readings);
  }

  /** A stage that computes these results by rows, after one for what it reads that is the same for all rows. */
  addRows(results: readonly Node[]): void {
    const views = results.flatMap((node) => {
      const partial = this.partials.get(node);
      return partial ? partial.terms.map((term) => this.views.share(term)) : [this.views.rows(node)];
    });
    const stage = this.planned("rows", results, views, (view) => this.isReadByRows(view));
    const computed = stage.reads.map(({ node }) => node).filter((node) => node.operation !== "input");
    const missing = computed.filter((node) => !this.firstComputed.has(node));
    if (missing.length > 0) this.addShared(missing);
    for (const node of computed) this.firstComputed.get(node)?.results.add(node);
    const rows = stage.computes.filter(({ of, node }) => of === "rows" && this.analysis.readings.has(node));
    this.add(stage, [...results, ...rows.map(({ node }) => node)]);
  }

  /** The stage that computes what the others have not. */
  addLast(outputs: readonly Node[], readouts: readonly Node[]): void {
    const left = outputs.filter((node) => !this.stages.some(({ results }) => results.has(node)));
    if (left.length + readouts.length > 0) this.addShared([...new Set(left)], readouts);
  }

  private addShared(results: readonly Node[], readouts: readonly Node[] = []): void {
    const views = [...results, ...readouts].map((node) => this.views.whole(node));
    const isRead = ({ node }: View): boolean => this.isArrayInput(node) || this.firstComputed.has(node);
    this.add(this.planned("shared", results, views, isRead), results);
  }

  private add(stage: GrowingStage, computed: readonly Node[]): void {
    this.stages.push(stage);
    for (const node of computed) if (!this.firstComputed.has(node)) this.firstComputed.set(node, stage);
  }

  private planned(
    kind: "rows" | "shared",
    results: readonly Node[],
    views: readonly View[],
    isRead: (view: View) => boolean,
  ): GrowingStage {
    const all = reachable(views, (view) => (isRead(view) ? [] : this.views.operandsOf(view)));
    const computes = all.filter((view) => !isRead(view)).sort((a, b) => a.node.id - b.node.id);
    return { kind, results: new Set(results), reads: all.filter(isRead), computes };
  }

  /** Whether a stage by rows reads a view, rather than compute it. */
  private isReadByRows(view: View): boolean {
    const { node, of } = view;
    if (of === "share") return false;
    if (this.isArrayInput(node)) return true;
    const reading = this.analysis.readings.get(node);
    if (reading?.result === "rows") {
      const earlier = this.firstComputed.get(node);
      const kept = earlier?.results.has(node) || isWorthKeeping(node);
      return earlier !== undefined && kept && isContiguous(node.shape, reading.layout);
    }
    if (this.partials.has(node)) return true;
    if (of === "rows") return !this.views.isRepeated(view);
    return node.operation !== "constant" && node.operation !== "input" && !isFree(node);
  }

  private isArrayInput(node: Node): boolean {
    return node.operation === "input" && this.graph.inputs.includes(node);
  }
}
