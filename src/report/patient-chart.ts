import type { TopLevelSpec } from "vega-lite";
import type { PatientSeries, PatientView } from "../experiments/physionet/patient-view.js";
import { type ChartLayer, chartTheme } from "./chart-theme.js";

/** Observations, and what a model makes of them. */
const colours = { observed: "#d55e00", reconstruction: "#0072b2", accepted: "#767676", rejected: "#882255" };

const width = 640;

/**
 * Chart of patients as a trained model sees them: of the chosen record and series, observed values, the mean of its
 * reconstructions and their range over samples of the latent start; below, the steps of the solver. Two menus choose.
 *
 * @param shown names of the series to choose from, the first of which is shown at first.
 * @throws RangeError when there is no record or no series to show, or a series has another name.
 */
export function patientChart(patients: readonly PatientView[], shown: readonly string[]): TopLevelSpec {
  const [first] = patients;
  if (!first) throw new RangeError("patientChart: there is no record to show");
  for (const name of shown) requireSeries(first, name);
  if (shown.length === 0) throw new RangeError("patientChart: there is no series to show");
  return {
    description:
      `Observed and reconstructed series (${shown.join(", ")}) of the records ${patients.map(({ id }) => id).join(", ")}, ` +
      `and the solver's steps: ${patients.map(({ id, steps }) => `${id} ${steps.length}`).join(", ")}.`,
    title: {
      text: "A record, and what the model makes of it",
      subtitle:
        "points: observed hours · line and band: mean and range of reconstructions from samples of the latent start",
    },
    config: chartTheme,
    params: [
      choice(
        "record",
        "Record: ",
        patients.map(({ id }) => String(id)),
      ),
      choice("series", "Series: ", [...shown]),
    ],
    vconcat: [seriesPanel(patients, shown), stepsPanel(patients)],
  };
}

function choice(name: string, label: string, options: string[]) {
  return { name, value: options[0], bind: { input: "select" as const, options, name: label } };
}

function requireSeries({ series }: PatientView, name: string): PatientSeries {
  const found = series.find(({ feature }) => feature.name === name);
  if (found) return found;
  throw new RangeError(
    `patientChart: there is no series "${name}"; there is ${series.map(({ feature }) => feature.name).join(", ")}`,
  );
}

const short = (value: number): number => Number(value.toPrecision(5));

function seriesPanel(patients: readonly PatientView[], shown: readonly string[]) {
  const values = patients.flatMap((patient) =>
    shown.flatMap((name) => {
      const { feature, observed, mean, lowest, highest } = requireSeries(patient, name);
      return patient.hours.map((hour, i) => ({
        record: String(patient.id),
        series: name,
        unit: feature.unit,
        hour,
        observed: observed[i] === undefined ? null : short(observed[i]),
        mean: short(mean[i]),
        lowest: short(lowest[i]),
        highest: short(highest[i]),
      }));
    }),
  );
  const range: ChartLayer = {
    mark: { type: "area", color: colours.reconstruction, opacity: 0.25 },
    encoding: {
      y: { field: "lowest", type: "quantitative", title: "value", scale: { zero: false } },
      y2: { field: "highest" },
    },
  };
  const mean: ChartLayer = {
    mark: { type: "line", color: colours.reconstruction, strokeWidth: 1.5 },
    encoding: { y: { field: "mean", type: "quantitative" } },
  };
  const observed: ChartLayer = {
    transform: [{ filter: "datum.observed !== null" }],
    mark: { type: "point", filled: true, color: colours.observed, size: 35, opacity: 1 },
    encoding: {
      y: { field: "observed", type: "quantitative" },
      tooltip: [
        { field: "hour" },
        { field: "observed" },
        { field: "mean", title: "reconstruction" },
        { field: "unit" },
      ],
    },
  };
  const caption: ChartLayer = {
    transform: [
      { filter: "datum.hour === 0" },
      {
        calculate: "'record ' + datum.record + ', ' + datum.series + ' in ' + datum.unit",
        as: "caption",
      },
    ],
    mark: { type: "text", align: "right", baseline: "top", fontSize: 12 },
    encoding: { x: { value: width - 4 }, y: { value: 4 }, text: { field: "caption" } },
  };
  return {
    width,
    height: 220,
    data: { values },
    transform: [{ filter: "datum.record === record && datum.series === series" }],
    encoding: { x: { ...hourAxis, field: "hour" } },
    layer: [range, mean, observed, caption],
  };
}

const hourAxis = {
  type: "quantitative" as const,
  title: "hours since admission",
  scale: { domain: [0, 48], nice: false },
  axis: { values: [0, 6, 12, 18, 24, 30, 36, 42, 48] },
};

function stepsPanel(patients: readonly PatientView[]) {
  const values = patients.flatMap(({ id, steps }) =>
    steps.map(({ t, h, accepted }) => ({
      record: String(id),
      start: short(t),
      size: short(h),
      step: accepted ? "accepted" : "rejected",
    })),
  );
  return {
    width,
    height: 90,
    data: { values },
    transform: [{ filter: "datum.record === record" }],
    mark: { type: "point" as const, filled: true, size: 40, opacity: 1 },
    encoding: {
      x: { ...hourAxis, field: "start" },
      y: {
        field: "size",
        type: "quantitative" as const,
        title: "step (hours)",
        scale: { type: "log" as const },
        axis: { tickCount: 3 },
      },
      color: {
        field: "step",
        type: "nominal" as const,
        title: "step",
        scale: { domain: ["accepted", "rejected"], range: [colours.accepted, colours.rejected] },
      },
      tooltip: [{ field: "start" }, { field: "size", title: "step (hours)" }, { field: "step" }],
    },
  };
}
