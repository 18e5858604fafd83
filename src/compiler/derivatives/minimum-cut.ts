/** A place where a flow can be stopped. */
export interface Vertex {
  /** What it costs to stop the flow here; infinite where it cannot be stopped. */
  readonly cost: number;
  /** Numbers of the vertices to which the flow goes on. */
  readonly next: readonly number[];
  /** Whether flow comes in from outside. */
  readonly isSource: boolean;
  /** Whether flow goes out here. */
  readonly isSink: boolean;
}

/** An edge of the residual network: how much more flow it takes. */
interface Edge {
  readonly from: number;
  readonly to: number;
  room: number;
}

/**
 * The cheapest set of vertices that every way from a source to a sink crosses; of several, the one nearest to the sinks.
 * By the theorem of Ford and Fulkerson (1956) these are the vertices that a maximum flow fills, which is found along
 * shortest augmenting paths (Edmonds and Karp, 1972).
 *
 * @returns the numbers of the vertices
 * @throws RangeError when some way cannot be cut.
 */
export function minimumCut(vertices: readonly Vertex[]): number[] {
  // vertex v is an edge from 2v to 2v + 1 with room for its cost; all other edges take as much as comes
  const [source, sink] = [2 * vertices.length, 2 * vertices.length + 1];
  const edges: Edge[] = [];
  const touching = Array.from({ length: sink + 1 }, (): number[] => []);
  const connect = (from: number, to: number, room: number): void => {
    touching[from].push(edges.length);
    touching[to].push(edges.length + 1);
    edges.push({ from, to, room }, { from: to, to: from, room: 0 }); // the second one takes flow back
  };
  vertices.forEach(({ cost, next, isSource, isSink }, v) => {
    connect(2 * v, 2 * v + 1, cost);
    for (const w of next) connect(2 * v + 1, 2 * w, Number.POSITIVE_INFINITY);
    if (isSource) connect(source, 2 * v, Number.POSITIVE_INFINITY);
    if (isSink) connect(2 * v + 1, sink, Number.POSITIVE_INFINITY);
  });
  for (;;) {
    const onward = edgesTowards(sink, edges, touching);
    if (!onward.has(source)) {
      return [...vertices.keys()].filter((v) => onward.has(2 * v + 1) && !onward.has(2 * v));
    }
    augment(source, sink, edges, onward);
  }
}

/** From every vertex that can still send flow to the sink: the first edge of a shortest way there. */
function edgesTowards(
  sink: number,
  edges: readonly Edge[],
  touching: readonly (readonly number[])[],
): Map<number, number> {
  const onward = new Map([[sink, -1]]);
  const pending = [sink];
  for (const vertex of pending) {
    for (const leaving of touching[vertex]) {
      const arriving = leaving ^ 1;
      const { from, room } = edges[arriving];
      if (room === 0 || onward.has(from)) continue;
      onward.set(from, arriving);
      pending.push(from);
    }
  }
  return onward;
}

/** Sends as much flow as fits along the way from source to sink. */
function augment(source: number, sink: number, edges: readonly Edge[], onward: Map<number, number>): void {
  const way: number[] = [];
  for (let vertex = source; vertex !== sink; vertex = edges[way[way.length - 1]].to) {
    way.push(onward.get(vertex) as number);
  }
  const flow = Math.min(...way.map((edge) => edges[edge].room));
  if (flow === Number.POSITIVE_INFINITY)
    throw new RangeError("minimumCut: a way has no vertex of finite cost");
  for (const edge of way) {
    edges[edge].room -= flow;
    edges[edge ^ 1].room += flow;
  }
}
