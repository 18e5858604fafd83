import type { TopLevelSpec } from "vega-lite";
import type { StepRecord } from "../solvers/ode/step-records.js";
import { chartTheme } from "./chart-theme.js";
import { type Panel, roundingFloor, stepPanel, stepRow, time, tolerance } from "./step-panels.js";
import { thin } from "./thin.js";

/** A solve under one setting of a control. */
export interface SettingSolve {
  /** Its place on the slider, or its name in the menu. */
  readonly setting: number | string;
  readonly steps: readonly StepRecord[];
  /** Drawn above the steps: a component of the solution, say. */
  readonly curve?: { readonly t: ArrayLike<number>; readonly y: ArrayLike<number> };
}

/** Words of {@link stepsBySetting}. */
export interface StepsBySettingOptions {
  readonly title: string;
  /** What the settings are, beside the control. */
  readonly control: string;
  /** The setting that is shown until somebody moves the control, and in pictures. @defaultValue the first */
  readonly initial?: number | string;
  /** Title of the curves' axis. @defaultValue "solution" */
  readonly curveTitle?: string;
}

/** A notebook's file repeats the data of all settings. */
const mostSteps = 250;
const mostPoints = 150;

/**
 * Chart of the steps of one of several solves, error estimate and step size against time, with a control that says which:
 * a slider where the settings are evenly spaced numbers, else a menu. The axes stay as they are when it is moved.
 *
 * @throws RangeError when there are no solves.
 */
export function stepsBySetting(
  solves: readonly SettingSolve[],
  options: StepsBySettingOptions,
): TopLevelSpec {
  if (solves.length === 0) throw new RangeError("stepsBySetting: there are no solves to draw");
  const { title, control, initial = solves[0].setting, curveTitle = "solution" } = options;
  const settings = solves.map(({ setting }) => setting);
  const all = solves.flatMap(({ steps }) => steps);
  const error = stepPanel({
    field: "error",
    title: "error estimate",
    scale: "log",
    format: ".0e",
    domain: extent([1, ...all.map((step) => step.error)]),
    behind: [roundingFloor, tolerance],
  });
  const size = stepPanel({
    field: "h",
    title: "step size",
    scale: "log",
    format: "~g",
    domain: extent(all.map((step) => step.h)),
  });
  const curve = solves.some((solve) => solve.curve) ? [curvePanel(curveTitle)] : [];
  return {
    description: `${title}, one setting at a time (${control}): ${solves.map(inWords).join("; ")}.`,
    title: {
      text: { expr: `${JSON.stringify(`${title} · ${control} `)} + setting` },
      subtitle: "error in units of the tolerance; dashed: tolerance; grey: what rounding alone may cause",
    },
    config: chartTheme,
    params: [{ name: "setting", value: initial, bind: { ...controlOf(settings), name: `${control} ` } }],
    data: { values: solves.flatMap((solve) => [...curveRows(solve), ...stepRows(solve)]) },
    transform: [{ filter: "datum.setting === setting" }],
    vconcat: [...curve, size, error],
  };
}

/** A slider where settings are evenly spaced numbers, else a menu. */
function controlOf(settings: readonly (number | string)[]) {
  const numbers = settings.filter((setting) => typeof setting === "number").sort((a, b) => a - b);
  const step = numbers[1] - numbers[0];
  const evenly = numbers.every(
    (number, i) => Math.abs(number - numbers[0] - i * step) < 1e-9 * Math.abs(step),
  );
  return numbers.length === settings.length && numbers.length > 1 && evenly
    ? { input: "range" as const, min: numbers[0], max: numbers[numbers.length - 1], step }
    : { input: "select" as const, options: [...settings] };
}

function stepRows({ setting, steps }: SettingSolve) {
  return thin(steps, mostSteps).map((step) => {
    const { t, h, error, errorFloor, stiffness, outcome } = stepRow(step);
    const numbers = { t, h, error, errorFloor, stiffness };
    return { setting, outcome, ...rounded(numbers) };
  });
}

function curveRows({ setting, curve }: SettingSolve) {
  if (!curve) return [];
  const points = Array.from(curve.t, (t, i) => ({ t, y: curve.y[i] }));
  return thin(points, mostPoints).map((point) => ({ setting, ...rounded(point) }));
}

/** Five digits are more than a chart shows. */
function rounded<Numbers extends Record<string, number>>(numbers: Numbers): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, Number(x.toPrecision(5))]));
}

/** The least and the largest positive number. */
function extent(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  return [Math.min(...positive), Math.max(...positive)];
}

function inWords({ setting, steps }: SettingSolve): string {
  const accepted = steps.filter((step) => step.accepted).length;
  return `${setting}: ${accepted} steps accepted, ${steps.length - accepted} rejected`;
}

function curvePanel(title: string): Panel {
  return {
    width: 500,
    height: 90,
    transform: [{ filter: "isFinite(datum.y)" }],
    mark: { type: "line", strokeWidth: 2, color: "#009e73" },
    encoding: {
      x: time,
      y: { field: "y", type: "quantitative", title, axis: { tickCount: 4, minExtent: 50 } },
    },
  };
}
