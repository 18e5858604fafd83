import { beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { generateRecords } from "../../../src/data/physionet/generate-records.js";
import {
  bodySystems,
  generatedSeries,
  quantileLevels,
} from "../../../src/data/physionet/generated-series.js";
import { valueInUnit } from "../../../src/data/physionet/normalised-records.js";
import type { PatientRecords } from "../../../src/data/physionet/patient-records.js";
import { patientVariables } from "../../../src/data/physionet/patient-variables.js";
import { randomCourse } from "../../../src/data/physionet/random-course.js";
import { recordAt } from "./records.js";

const count = 1500;
let records: PatientRecords;
beforeAll(() => {
  records = generateRecords(count);
});

/** The values of one series in its unit, hour by hour and record by record; NaN where unobserved. */
function valuesOf(name: string): Float64Array {
  const position = records.features.findIndex((feature) => feature.name === name);
  const values = new Float64Array(count * 49).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    const cell = i * 37 + position;
    if (records.observed[cell] === 1)
      values[i] = valueInUnit(records.values[cell], records.features[position]);
  }
  return values;
}

test("made-up records say that they are", () => {
  expect(records.source).toBe("generated");
  expect(records.description).toBe(
    "generated records: 1,500 made-up stays of no real patients, with the rates and distributions of PhysioNet 2012",
  );
});

test("a record is the same however many are made, and no two are alike", () => {
  const few = generateRecords(20);
  for (let position = 0; position < 20; position++) {
    expect(recordAt(few, position)).toEqual(recordAt(records, position));
    expect(recordAt(few, position).slice(1)).not.toEqual(recordAt(few, (position + 1) % 20).slice(1));
  }
});

describe.each(generatedSeries)("generated $name", (series) => {
  test("is measured in as many records and hours as in the published records", () => {
    const hours = new Int32Array(count);
    for (const [i, value] of valuesOf(series.name).entries()) {
      if (!Number.isNaN(value)) hours[Math.floor(i / 49)]++;
    }
    const share = hours.filter((number) => number > 0).length / count;
    const expectedShare = series.records / 8000;
    // five standard deviations of the share of independent records
    const deviation = Math.sqrt((expectedShare * (1 - expectedShare)) / count);
    expect(Math.abs(share - expectedShare)).toBeLessThan(5 * deviation);
    const perRecord = hours.reduce((sum, number) => sum + number, 0) / (share * count);
    const expectedHours = series.cells / series.records;
    const hoursDeviation = Math.sqrt(expectedHours / (expectedShare * count));
    expect(Math.abs(perRecord - expectedHours)).toBeLessThan(5 * hoursDeviation);
  });

  test("has the published quantiles and stays within the published range", () => {
    const sorted = valuesOf(series.name)
      .filter((value) => !Number.isNaN(value))
      .sort();
    const [minimum, maximum] = series.range;
    const rounding = 1e-6 * Math.abs(maximum);
    expect(sorted[0]).toBeGreaterThanOrEqual(minimum - rounding);
    expect(sorted[sorted.length - 1]).toBeLessThanOrEqual(maximum + rounding);
    // hours of one record are correlated: count its independent values as two
    const independent = 2 * count * (series.records / 8000);
    for (const [i, { probability }] of quantileLevels.entries()) {
      const deviation = Math.sqrt((probability * (1 - probability)) / independent);
      const below = sorted.findIndex((value) => value >= series.quantiles[i] - rounding) / sorted.length;
      const upTo = sorted.findIndex((value) => value > series.quantiles[i] + rounding) / sorted.length;
      expect(below).toBeLessThan(probability + 5 * deviation);
      if (upTo >= 0) expect(upTo).toBeGreaterThan(probability - 5 * deviation);
    }
  });
});

/** Correlation over the hours in which both series are observed. */
function correlation(first: string, second: string): number {
  const [a, b] = [first, second].map(valuesOf);
  const both = [...a.keys()].filter((i) => !Number.isNaN(a[i]) && !Number.isNaN(b[i]));
  const mean = (value: (i: number) => number) => both.reduce((sum, i) => sum + value(i), 0) / both.length;
  const [meanA, meanB] = [mean((i) => a[i]), mean((i) => b[i])];
  const covariance = mean((i) => (a[i] - meanA) * (b[i] - meanB));
  return covariance / Math.sqrt(mean((i) => (a[i] - meanA) ** 2) * mean((i) => (b[i] - meanB) ** 2));
}

describe("what belongs together", () => {
  // correlations of the published records' normal scores over common hours
  test.each([
    ["DiasABP", "MAP", 0.86],
    ["MAP", "SysABP", 0.76],
    ["DiasABP", "SysABP", 0.55],
    ["NIMAP", "NISysABP", 0.8],
    ["MAP", "NIMAP", 0.63],
    ["PaCO2", "HCO3", 0.6],
    ["PaCO2", "pH", -0.42],
    ["HR", "RespRate", 0.3],
    ["HR", "Na", 0],
  ])("%s and %s correlate as published (%f)", (first, second, published) => {
    expect(Math.abs(correlation(first, second) - published)).toBeLessThan(0.2);
  });

  test("diastolic, mean and systolic pressure are in this order in 98 of 100 hours", () => {
    const [low, middle, high] = ["DiasABP", "MAP", "SysABP"].map(valuesOf);
    const together = [...low.keys()].filter((i) => !Number.isNaN(low[i] + middle[i] + high[i]));
    const ordered = together.filter((i) => low[i] < middle[i] && middle[i] < high[i]);
    expect(ordered.length / together.length).toBeGreaterThan(0.98);
  });
});

describe("a random course", () => {
  const random = new Random(3);
  const shares = { constant: 0.4, noise: 0.1 };
  const courses = Array.from({ length: 4000 }, () => randomCourse(shares, random));
  const covariance = (first: number, second: number) =>
    courses.reduce((sum, course) => sum + course[first] * course[second], 0) / courses.length;

  test("has unit variance in every hour", () => {
    for (let hour = 0; hour < 49; hour++) expect(Math.abs(covariance(hour, hour) - 1)).toBeLessThan(0.12);
  });
  test("loses its noise within an hour and keeps its constant part to the end", () => {
    for (const hour of [0, 20, 47]) expect(Math.abs(covariance(hour, hour + 1) - 0.9)).toBeLessThan(0.1);
    expect(Math.abs(covariance(0, 48) - 0.4)).toBeLessThan(0.1);
  });
});

describe("the tables", () => {
  test("have the series of the records, in their order", () => {
    expect(generatedSeries.map(({ name }) => name)).toEqual(patientVariables.map(({ name }) => name));
  });
  test("have a quantile for each level, ascending and within the range", () => {
    for (const { range, quantiles } of generatedSeries) {
      expect(quantiles).toHaveLength(quantileLevels.length);
      expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
      expect(Math.min(...quantiles)).toBeGreaterThanOrEqual(range[0]);
      expect(Math.max(...quantiles)).toBeLessThanOrEqual(range[1]);
    }
  });
  test("leave no series less variance than its systems take, and name only series that are", () => {
    for (const { name } of generatedSeries) {
      const taken = bodySystems.reduce((sum, { series }) => sum + (series[name] ?? 0) ** 2, 0);
      expect(taken).toBeLessThan(1);
    }
    const names = generatedSeries.map(({ name }) => name);
    for (const { series } of bodySystems) expect(names).toEqual(expect.arrayContaining(Object.keys(series)));
  });
  test("share out no more than all of the variance", () => {
    for (const { constant, noise } of [...generatedSeries, ...bodySystems]) {
      expect(constant).toBeGreaterThanOrEqual(0);
      expect(noise).toBeGreaterThanOrEqual(0);
      expect(constant + noise).toBeLessThanOrEqual(1);
    }
  });
});
