import type { TopLevelSpec } from "vega-lite";
import type { Graph } from "../compiler/graph/graph.js";
import { type ChartLayer, chartTheme } from "./chart-theme.js";
import { type Layout, layeredLayout, type Place } from "./graph-drawing/layout.js";
import { type GraphRow, graphRows, type OperationKind } from "./graph-rows.js";

/** Options of {@link graphChart}. */
export interface GraphChartOptions {
  /** Above the drawing. */
  readonly title?: string;
}

/** Larger graphs would be drawn smaller than one can read. */
const mostNodes = 80;

/** An operation as it is drawn; `kind` is also that of a result's box. */
interface Box {
  readonly name: string;
  readonly label: string;
  readonly operation: string;
  readonly reads: readonly string[];
  readonly shape: string;
  readonly kind: OperationKind | "output";
}

/** After Okabe and Ito (2008), as in all charts. */
const colours: Readonly<Record<Box["kind"], string>> = {
  input: "#0072b2",
  constant: "#767676",
  elementwise: "#e69f00",
  arranging: "#cc79a7",
  contracting: "#009e73",
  output: "#d55e00",
};

/** Lengths of a drawing in picture units: what a node takes, and between which limits the whole is. */
const horizontal = { unit: 96, least: 420, most: 900 };
const vertical = { unit: 52, least: 156, most: 580 };
const boxWidth = 0.9;
const boxHeight = 0.66;

/**
 * Drawing of a graph from its inputs, at the top, down to its outputs: a box for each operation, coloured by what it
 * does, with a tooltip that has its operands and its shape. Numbers stand in the box that reads them.
 *
 * @throws RangeError when the graph has more operations than can be read; `graphTable` lists any number.
 */
export function graphChart(graph: Graph, { title = "Graph" }: GraphChartOptions = {}): TopLevelSpec {
  const rows = graphRows(graph);
  const boxes = [...rows.map(boxOf), ...rows.flatMap(outputsOf)];
  if (boxes.length > mostNodes) {
    throw new RangeError(
      `graphChart draws up to ${mostNodes} boxes, got ${boxes.length}; show the graph by showTable(graphTable(graph))`,
    );
  }
  const names = new Set(boxes.map(({ name }) => name));
  const layout = layeredLayout(
    boxes.map(({ name, reads }) => ({ name, reads: reads.filter((read) => names.has(read)) })),
  );
  const x = extent(layout.width, horizontal);
  const y = extent(layout.height, vertical);
  const shown = Object.entries(colours).filter(([kind]) => boxes.some((box) => box.kind === kind));
  return {
    description: `${title}: ${describe(boxes)}.`,
    title: { text: title, subtitle: "top to bottom: from inputs to outputs" },
    width: x.length,
    height: y.length,
    config: chartTheme,
    encoding: {
      x: { type: "quantitative", axis: null, scale: { domain: x.domain, nice: false, zero: false } },
      y: {
        type: "quantitative",
        axis: null,
        scale: { domain: y.domain, reverse: true, nice: false, zero: false },
      },
    },
    layer: [lineLayer(layout), ...boxLayers(boxes, layout, shown)],
  };
}

/** Small drawings stay small in the middle, large ones shrink. */
function extent(size: number, { unit, least, most }: typeof horizontal) {
  const length = Math.round(Math.min(most, Math.max(least, unit * size)));
  const margin = Math.max(0, length / unit - size) / 2;
  return { length, domain: [rounded(-margin), rounded(size + margin)] };
}

function boxOf(row: GraphRow): Box {
  const { name, operation, reads, shape, kind } = row;
  const label = kind === "input" ? name : labelOf(row);
  return { name, label, operation, reads, shape, kind };
}

/** "sub(1, ·)": a number has no box of its own. */
function labelOf({ operation, reads, kind }: GraphRow): string {
  const isNumber = (read: string): boolean => Number.isFinite(Number(read));
  if (kind !== "elementwise" || !reads.some(isNumber)) return operation;
  return `${operation}(${reads.map((read) => (isNumber(read) ? read : "·")).join(", ")})`;
}

function outputsOf({ name, shape, gives }: GraphRow): Box[] {
  return gives.map((output) => ({
    name: `output ${output}`,
    label: output,
    operation: "output",
    reads: [name],
    shape,
    kind: "output",
  }));
}

function describe(boxes: readonly Box[]): string {
  const count = (kind: Box["kind"]): number => boxes.filter((box) => box.kind === kind).length;
  return Object.keys(colours)
    .map((kind) => [kind, count(kind as Box["kind"])] as const)
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${number} ${kind}`)
    .join(", ");
}

function lineLayer({ lines }: Layout): ChartLayer {
  const values = lines.flatMap(({ from, to, points }) =>
    points.map(({ x, y }, step) => ({ line: `${from} to ${to}`, step, x: rounded(x), y: y + 0.5 })),
  );
  return {
    data: { values },
    mark: { type: "line", interpolate: "basis", stroke: "#999999", strokeWidth: 1.2 },
    encoding: {
      x: { field: "x" },
      y: { field: "y" },
      detail: { field: "line", type: "nominal" },
      order: { field: "step", type: "quantitative" },
    },
  };
}

function boxLayers(
  boxes: readonly Box[],
  layout: Layout,
  shown: readonly (readonly [string, string])[],
): ChartLayer[] {
  const values = boxes.map(({ name, label, operation, reads, shape, kind }) => {
    const { x, y: layer } = layout.nodes.get(name) as Place;
    const y = layer + 0.5;
    const box = {
      left: x - boxWidth / 2,
      right: x + boxWidth / 2,
      top: y - boxHeight / 2,
      bottom: y + boxHeight / 2,
    };
    const place = Object.fromEntries(
      Object.entries({ x, y, ...box }).map(([side, at]) => [side, rounded(at)]),
    );
    return { name, label, operation, reads: reads.join(", "), shape, kind, ...place };
  });
  const data = { values };
  const color = {
    field: "kind",
    type: "nominal" as const,
    title: null,
    scale: { domain: shown.map(([kind]) => kind), range: shown.map(([, colour]) => colour) },
    legend: { orient: "top" as const },
  };
  const tooltip = ["name", "operation", "reads", "shape", "kind"].map((field) => ({
    field,
    type: "nominal" as const,
  }));
  const text = (field: string, dy: number, fontSize: number, colour: string): ChartLayer => ({
    data,
    mark: { type: "text", dy, fontSize, color: colour, tooltip: null },
    encoding: { x: { field: "x" }, y: { field: "y" }, text: { field, type: "nominal" } },
  });
  return [
    { data, mark: { type: "rect", fill: "white" }, encoding: corners },
    {
      data,
      mark: { type: "rect", fillOpacity: 0.25, strokeWidth: 1, cornerRadius: 3 },
      encoding: { ...corners, color, tooltip },
    },
    text("label", -5, 10, "#111111"),
    text("shape", 7, 8, "#555555"),
  ];
}

const corners = {
  x: { field: "left" },
  x2: { field: "right" },
  y: { field: "top" },
  y2: { field: "bottom" },
};

/** Places need no more digits than the screen has. */
function rounded(place: number): number {
  return Math.round(1000 * place) / 1000;
}
