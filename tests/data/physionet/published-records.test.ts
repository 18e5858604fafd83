import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readManifest } from "../../../src/data/manifest.js";
import { generatedSeries, quantileLevels } from "../../../src/data/physionet/generated-series.js";
import type { HourlyMeans } from "../../../src/data/physionet/hourly-means.js";
import { normalisedRecords } from "../../../src/data/physionet/normalised-records.js";
import type { PatientRecords } from "../../../src/data/physionet/patient-records.js";
import { readPhysionet } from "../../../src/data/physionet/read-physionet.js";
import { findRecordSet } from "../../../src/data/physionet/record-files.js";

const given = process.env.GLASSBOX_DATA ?? "";
const folder = [join(given, "physionet2012"), given].find(
  (candidate) => given !== "" && existsSync(candidate) && findRecordSet(candidate, "set-a") !== undefined,
);

describe.skipIf(folder === undefined)("the published records (skipped without them in GLASSBOX_DATA)", () => {
  let means: HourlyMeans[];
  let records: PatientRecords;
  beforeAll(async () => {
    means = await readPhysionet(folder ?? "", "keep");
    records = normalisedRecords(means, { source: "physionet2012", description: "" });
  }, 120_000);

  test("are 8,000 with 2,876,036 observed cells of 49 hours and 37 series", () => {
    // Kelly et al. (arXiv 2007.04504) load 8,000 x 49 x 37, of which 19.8 % are observed
    expect([records.count, records.times.length, records.features.length]).toEqual([8000, 49, 37]);
    expect(records.observed).toHaveLength(8000 * 49 * 37);
    expect(records.observed.reduce((sum, one) => sum + one, 0)).toBe(2_876_036);
    expect(readManifest().physionet2012.records.map(({ count }) => count)).toEqual([4000, 4000]);
    expect([records.ids[0], records.ids[3999], records.ids[4000], records.ids[7999]]).toEqual([
      132539, 142673, 142675, 152864,
    ]);
  });

  test("have the extremes and the counts of the generator's table", () => {
    expect(records.features.map(({ minimum, maximum }) => [minimum, maximum])).toEqual(
      generatedSeries.map(({ range }) => range),
    );
    const { cells, having } = countsOf(means);
    for (const [feature, series] of generatedSeries.entries()) {
      if (series.name === "Weight") continue;
      expect([series.name, cells[feature], having[feature]]).toEqual([
        series.name,
        series.cells,
        series.records,
      ]);
    }
  });

  test("have the quantiles of the generator's table", () => {
    const perFeature = generatedSeries.map((): number[] => []);
    for (const record of means) {
      for (const [i, cell] of record.cells.entries()) perFeature[cell % 37].push(record.means[i]);
    }
    for (const [feature, { name, quantiles }] of generatedSeries.entries()) {
      const known =
        name === "Weight" ? perFeature[feature].filter((value) => value > 0) : perFeature[feature];
      const sorted = Float64Array.from(known).sort();
      for (const [i, { probability }] of quantileLevels.entries()) {
        const published = sorted[Math.round(probability * (sorted.length - 1))];
        expect(Math.abs(quantiles[i] - published)).toBeLessThanOrEqual(0.02 * Math.abs(published));
      }
    }
  });

  test("hold ten stays without any series, one of them with a weight", () => {
    const empty = means.filter(({ cells }) => cells.every((cell) => cell === 0));
    // the list of W. Du's TSDB (physionet_2012.py) but for 155655 and 156254, which are of set C
    expect(empty.map(({ id }) => id)).toEqual([
      140501, 140936, 141264, 142731, 142998, 143656, 145611, 147514, 150309, 150649,
    ]);
    expect(empty.map((record) => record.means[0])).toEqual([-1, -1, -1, -1, -1, 75, -1, -1, -1, -1]);
  });

  test("have 673 unknown weights, 32 of them averaged with a known one", async () => {
    const known = await readPhysionet(folder ?? "", "drop");
    const weights = ({ cells }: HourlyMeans) => cells.filter((cell) => cell % 37 === 0).length;
    const lost = means.filter((record, i) => weights(record) > weights(known[i]));
    const changed = means.filter(
      (record, i) => weights(record) === weights(known[i]) && record.means.join() !== known[i].means.join(),
    );
    expect([lost.length, changed.length]).toEqual([641, 32]);
    expect(lost.every(({ means: [first] }) => first === -1)).toBe(true);
    const { cells, having } = countsOf(known);
    expect([cells[0], having[0]]).toEqual([generatedSeries[0].cells, generatedSeries[0].records]);
  }, 120_000);
});

/** Cells with a value and records with any, series by series. */
function countsOf(means: readonly HourlyMeans[]) {
  const cells = new Array<number>(37).fill(0);
  const having = new Array<number>(37).fill(0);
  for (const record of means) {
    const features = [...record.cells].map((cell) => cell % 37);
    for (const feature of features) cells[feature]++;
    for (const feature of new Set(features)) having[feature]++;
  }
  return { cells, having };
}
