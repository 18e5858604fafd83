import { expect, test } from "vitest";
import { type DataSet, readManifest } from "../../src/data/manifest.js";

test.each(Object.entries<DataSet>({ ...readManifest() }))(
  "%s says all that is needed to fetch, check and cite it",
  (_, dataSet) => {
    expect(dataSet.files.length).toBeGreaterThan(0);
    expect(new Set(dataSet.files.map(({ name }) => name)).size).toBe(dataSet.files.length);
    for (const { size, sha256 } of dataSet.files) {
      expect(size).toBeGreaterThan(0);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    for (const mirror of dataSet.mirrors) expect(mirror).toMatch(/^https:\/\/.*\/$/);
    for (const text of [
      dataSet.title,
      dataSet.licence,
      dataSet.citation,
      dataSet.ifDamaged,
      dataSet.ifOffline,
    ]) {
      expect(text).toMatch(/\S/);
    }
  },
);

test("MNIST can be had from two places", () => {
  const hosts = readManifest().mnist.mirrors.map((mirror) => new URL(mirror).host);
  expect(new Set(hosts).size).toBeGreaterThanOrEqual(2);
});
