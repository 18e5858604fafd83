import { expect, test } from "vitest";
import type { PatientView } from "../../src/experiments/physionet/patient-view.js";
import { patientChart } from "../../src/report/patient-chart.js";
import { expectSoundChart, runChart, tooltipsOf } from "./chart-laws.js";

/** Invented: every third hour is observed; steps of 8 hours, of which the first was rejected once. */
function patient(id: number): PatientView {
  const hours = Array.from({ length: 49 }, (_, hour) => hour);
  const series = ["HR", "Temp"].map((name, k) => {
    const mean = hours.map((hour) => 50 * (k + 1) + id + Math.sin(hour / 5));
    return {
      feature: { name, meaning: "", unit: "1", minimum: 0, maximum: 100 },
      observed: hours.map((hour) => (hour % 3 === 0 ? mean[hour] + 0.5 : undefined)),
      mean,
      lowest: mean.map((value) => value - 1),
      highest: mean.map((value) => value + 1),
    };
  });
  const accepted = [0, 1, 2, 3, 4, 5].map((i) => ({ t: 8 * i, h: 8, accepted: true }));
  return { id, hours, series, steps: [{ t: 0, h: 16, accepted: false }, ...accepted] };
}

const patients = [patient(7), patient(8)];

test("the chart is sound", () => expectSoundChart(patientChart(patients, ["HR", "Temp"])));

test("it shows the observations of one series of one record, and all steps of its solve", async () => {
  const shown = tooltipsOf(await runChart(patientChart(patients, ["Temp", "HR"])));
  const observations = shown.filter((tooltip) => "observed" in tooltip);
  expect(observations).toHaveLength(17);
  expect(observations[0].observed).toBe(107.5);
  expect(shown.filter((tooltip) => "step" in tooltip)).toHaveLength(7);
});

test("the menus offer every record and series", () => {
  const { params } = patientChart(patients, ["HR", "Temp"]) as { params: { bind: { options: string[] } }[] };
  expect(params.map(({ bind }) => bind.options)).toEqual([
    ["7", "8"],
    ["HR", "Temp"],
  ]);
});

test("what cannot be shown is named", () => {
  expect(() => patientChart(patients, ["pulse"])).toThrow('no series "pulse"; there is HR, Temp');
  expect(() => patientChart([], ["HR"])).toThrow("there is no record to show");
  expect(() => patientChart(patients, [])).toThrow("there is no series to show");
});
