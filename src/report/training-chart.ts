import type { TopLevelSpec } from "vega-lite";
import { type ChartLayer, chartTheme } from "./chart-theme.js";
import { type MethodScale, methodScale } from "./method-colours.js";
import { formatNumber } from "./number-format.js";
import { thin } from "./thin.js";

/** One moment of a training run; what was not measured at that moment is left out. */
export interface TrainingMoment {
  readonly iteration: number;
  /** Loss without penalties. */
  readonly loss?: number;
  /** Share of samples classified rightly, 0 to 1. */
  readonly accuracy?: number;
  /** Function evaluations of one forward solve. */
  readonly nfe?: number;
}

/** A training run, finished or not. */
export interface TrainingRun {
  readonly method: string;
  readonly seed?: number;
  readonly curve: readonly TrainingMoment[];
}

interface Panel {
  readonly field: "loss" | "accuracy" | "nfe";
  readonly title: string;
  readonly zero: boolean;
  /** Evaluations come in whole steps: no line may suggest values between them. */
  readonly interpolate: "linear" | "step-after";
}

const panels: readonly Panel[] = [
  { field: "loss", title: "training loss", zero: true, interpolate: "linear" },
  { field: "accuracy", title: "accuracy (%)", zero: false, interpolate: "linear" },
  { field: "nfe", title: "function evaluations", zero: true, interpolate: "step-after" },
];

/** Scale of a panel that waits for its first value: without a domain, Vega complains to the console. */
const nothingYet = { domain: [0, 1] };

/** Points of one curve in one panel: a panel is 230 units wide. */
const pointsPerCurve = 120;

/** Options of {@link trainingChart}. */
export interface TrainingChartOptions {
  /** @defaultValue loss, accuracy and nfe */
  readonly panels?: readonly Panel["field"][];
  /** @defaultValue "linear" */
  readonly lossScale?: "linear" | "log";
}

/**
 * Chart of loss, accuracy and function evaluations against the iteration: a line for each run, a colour for each
 * method. The nearest point has a tooltip. Meant to be redrawn while training runs, see `LiveChart`.
 */
export function trainingChart(
  runs: readonly TrainingRun[],
  { panels: chosen, lossScale = "linear" }: TrainingChartOptions = {},
): TopLevelSpec {
  const iterations = Math.max(1, ...runs.map(({ curve }) => curve[curve.length - 1]?.iteration ?? 0));
  const scale = methodScale(runs.map(({ method }) => method));
  return {
    description: `Loss, accuracy and function evaluations during training. ${runs.map(lastMoment).join("; ")}.`,
    config: chartTheme,
    spacing: 24,
    hconcat: panels
      .filter(({ field }) => chosen === undefined || chosen.includes(field))
      .map((panel) => panelChart(panel, runs, iterations, scale, lossScale)),
  };
}

function panelChart(
  panel: Panel,
  runs: readonly TrainingRun[],
  iterations: number,
  scale: MethodScale,
  lossScale: "linear" | "log",
) {
  const { field, title, zero, interpolate } = panel;
  const tooltip = [
    { field: "method", type: "nominal" as const },
    { field: "seed", type: "nominal" as const },
    { field: "iteration", type: "quantitative" as const },
    { field: "value", type: "quantitative" as const, title, format: ".4~g" },
  ];
  const values = runs.flatMap((run) => measured(run, field));
  const isLogarithmic = field === "loss" && lossScale === "log";
  const line: ChartLayer = { mark: { type: "line", strokeWidth: 1.5, interpolate } };
  const points: ChartLayer = {
    params: [
      {
        name: `nearest_${field}`,
        select: { type: "point", on: "mouseover", clear: "mouseout", nearest: true, encodings: ["x"] },
      },
    ],
    mark: { type: "point", filled: true, size: 45 },
    encoding: {
      tooltip,
      opacity: { condition: { param: `nearest_${field}`, empty: false, value: 1 }, value: 0 },
    },
  };
  return {
    title: { text: title, fontSize: 12, fontWeight: "normal" as const },
    width: 230,
    height: 190,
    data: { values },
    encoding: {
      x: {
        field: "iteration",
        type: "quantitative" as const,
        title: "iteration",
        scale: { domain: [0, iterations], nice: true },
        axis: { tickCount: 5, tickMinStep: 1 },
      },
      y: {
        field: "value",
        type: "quantitative" as const,
        title: null,
        scale: values.length === 0 ? nothingYet : isLogarithmic ? { type: "log" as const } : { zero },
      },
      color: { field: "method", type: "nominal" as const, scale },
      detail: { field: "seed", type: "nominal" as const },
    },
    layer: [line, points],
  };
}

function measured({ method, seed, curve }: TrainingRun, field: Panel["field"]) {
  const unit = field === "accuracy" ? 100 : 1;
  const points = curve.flatMap(({ iteration, [field]: value }) =>
    value === undefined || !Number.isFinite(value)
      ? []
      : [{ method, seed: seed ?? 0, iteration, value: Number((unit * value).toPrecision(5)) }],
  );
  return thin(points, pointsPerCurve);
}

function lastMoment({ method, curve }: TrainingRun): string {
  if (curve.length === 0) return `${method}: not started`;
  const last = (field: Panel["field"]) =>
    curve.reduce<number | undefined>((v, moment) => moment[field] ?? v, undefined);
  const [loss, accuracy, nfe] = [last("loss"), last("accuracy"), last("nfe")];
  const parts = [
    `iteration ${curve[curve.length - 1].iteration}`,
    loss !== undefined && `loss ${formatNumber(loss)}`,
    accuracy !== undefined && `accuracy ${formatNumber(100 * accuracy)} %`,
    nfe !== undefined && `NFE ${formatNumber(nfe)}`,
  ];
  return `${method}: ${parts.filter(Boolean).join(", ")}`;
}
