import type { TopLevelSpec } from "vega-lite";
import { chartTheme } from "./chart-theme.js";

/** Curves under one setting of a slider. */
export interface CurvesAtSetting {
  readonly setting: number;
  readonly curves: readonly {
    readonly name: string;
    readonly x: ArrayLike<number>;
    readonly y: ArrayLike<number>;
  }[];
}

/** Words of {@link curvesBySetting}. */
export interface CurvesBySettingOptions {
  readonly title: string;
  /** @defaultValue none */
  readonly subtitle?: string;
  /** What the slider sets. */
  readonly control: string;
  /** The setting that is shown until somebody moves the slider, and in pictures. @defaultValue the last */
  readonly initial?: number;
  readonly xTitle: string;
  readonly yTitle: string;
}

/** After Okabe and Ito (2008). */
const colours = ["#bbbbbb", "#d55e00", "#0072b2", "#009e73", "#cc79a7"];

/**
 * Chart of the curves under one of several settings, with a slider that says which; the axes stay as they are when it is
 * moved.
 *
 * @throws RangeError when there are no settings, or more curves than can be told apart.
 */
export function curvesBySetting(
  settings: readonly CurvesAtSetting[],
  options: CurvesBySettingOptions,
): TopLevelSpec {
  const { title, subtitle, control, xTitle, yTitle } = options;
  const names = [...new Set(settings.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  if (names.length === 0 || names.length > colours.length) {
    throw new RangeError(`curvesBySetting draws 1 to ${colours.length} curves, got ${names.length}`);
  }
  const places = settings.map(({ setting }) => setting);
  const [min, max] = [Math.min(...places), Math.max(...places)];
  const values = settings.flatMap(({ setting, curves }) =>
    curves.flatMap(({ name, x, y }) =>
      Array.from(x, (at, i) => ({ setting, curve: name, x: short(at), y: short(y[i]) })),
    ),
  );
  const domain = (channel: "x" | "y"): [number, number] => {
    const all = values.map((value) => value[channel]);
    return [Math.min(...all), Math.max(...all)];
  };
  return {
    description: `${title}: ${names.join(", ")}, with a slider for ${control} from ${min} to ${max}.`,
    title: {
      text: { expr: `${JSON.stringify(`${title} · ${control} `)} + setting` },
      ...(subtitle && { subtitle }),
    },
    width: 520,
    height: 260,
    config: chartTheme,
    params: [
      {
        name: "setting",
        value: options.initial ?? max,
        bind: {
          input: "range",
          min,
          max,
          step: places.length > 1 ? (max - min) / (places.length - 1) : 1,
          name: `${control} `,
        },
      },
    ],
    data: { values },
    transform: [{ filter: "datum.setting === setting" }],
    mark: { type: "line", strokeWidth: 1.5, point: "transparent" },
    encoding: {
      x: { field: "x", type: "quantitative", title: xTitle, scale: { domain: domain("x"), nice: false } },
      y: { field: "y", type: "quantitative", title: yTitle, scale: { domain: domain("y") } },
      color: {
        field: "curve",
        type: "nominal",
        title: null,
        scale: { domain: names, range: colours.slice(0, names.length) },
      },
      tooltip: [
        { field: "curve", type: "nominal" },
        { field: "x", type: "quantitative", title: xTitle, format: ".4~g" },
        { field: "y", type: "quantitative", title: yTitle, format: ".4~g" },
      ],
    },
  };
}

/** Enough digits for a chart. */
function short(value: number): number {
  return Number(value.toPrecision(5));
}
