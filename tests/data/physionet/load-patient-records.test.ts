import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DataError } from "../../../src/data/data-error.js";
import type * as Manifests from "../../../src/data/manifest.js";
import {
  loadPatientRecords,
  type PatientRecordsOptions,
} from "../../../src/data/physionet/load-patient-records.js";
import { mirror } from "../mirror.js";
import { temporaryFolder } from "../small-mnist.js";
import { comparable, recordAt } from "./records.js";
import { archive, fillWithArchives, fillWithFolders, publishSets, smallSets } from "./small-physionet.js";

// small sets stand in for the published ones, so that the search can be watched without them
vi.mock(import("../../../src/data/manifest.js"), async (original) => {
  const { readManifest } = await original();
  return { readManifest: (): Manifests.Manifest => ({ ...readManifest(), physionet2012: publishSets() }) };
});

beforeEach(() => vi.stubEnv("GLASSBOX_DATA", ""));
afterEach(() => vi.unstubAllEnvs());

/** Loads with an empty cache, unless told otherwise, and never more than two records. */
const load = (options: PatientRecordsOptions = {}) =>
  loadPatientRecords({ cache: join(temporaryFolder(), "cache"), limit: 2, ...options });

function dataFolder(...subfolder: string[]): string {
  const folder = join(temporaryFolder(), ...subfolder);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const unreachable = { mirrors: ["http://127.0.0.1:1/"], rounds: 1 };

describe("the search", () => {
  test.each([
    ["archives in $GLASSBOX_DATA/physionet2012", "physionet2012", fillWithArchives],
    ["folders in $GLASSBOX_DATA/physionet2012", "physionet2012", fillWithFolders],
    ["archives in $GLASSBOX_DATA", ".", fillWithArchives],
  ])("finds %s", async (_, subfolder, fillFolder) => {
    const given = dataFolder();
    fillFolder(join(given, subfolder));
    vi.stubEnv("GLASSBOX_DATA", given);
    const records = await load({ limit: undefined });
    expect([records.source, ...records.ids]).toEqual(["physionet2012", 101, 103, 202]);
    expect(records.description).toBe(
      "PhysioNet 2012: 3 stays of sets A and B, weights of -1 kept as published",
    );
  });

  test("finds archives in the cache, when $GLASSBOX_DATA has other data only", async () => {
    vi.stubEnv("GLASSBOX_DATA", dataFolder("mnist"));
    const cache = dataFolder();
    fillWithArchives(cache);
    expect((await load({ cache })).source).toBe("physionet2012");
  });

  test("else makes records up and says so, also when the cache was filled by half", async () => {
    const cache = dataFolder();
    writeFileSync(join(cache, "set-a.tar.gz"), archive("set-a", smallSets["set-a"]));
    const records = await load({ cache });
    expect([records.source, records.count]).toEqual(["generated", 2]);
    expect(records.description).toContain("made-up stays of no real patients");
  });

  test("is left out for generated records", async () => {
    vi.stubEnv("GLASSBOX_DATA", "/no/such/folder");
    expect((await load({ set: "generated" })).source).toBe("generated");
  });
});

describe("never other records in place of broken ones:", () => {
  test("a malformed file in $GLASSBOX_DATA", async () => {
    const given = dataFolder();
    fillWithFolders(given);
    writeFileSync(join(given, "set-b", "202.txt"), "Time,Parameter,Value\n");
    vi.stubEnv("GLASSBOX_DATA", given);
    for (const set of ["auto", "physionet2012"] as const) {
      await expect(load({ set })).rejects.toThrow(/set-b is malformed in 1 place: 202\.txt line 2: /);
    }
  });

  test("one of two sets in $GLASSBOX_DATA", async () => {
    const given = dataFolder("set-a");
    vi.stubEnv("GLASSBOX_DATA", join(given, ".."));
    await expect(load()).rejects.toThrow(/holds only a part of PhysioNet 2012: add set-b$/);
  });

  test("published records asked for and out of reach", async () => {
    await expect(load({ set: "physionet2012", fetch: unreachable })).rejects.toThrow(
      /^cannot fetch set-a\.tar\.gz .*stay calm$/,
    );
  });
});

describe("records that were read once", () => {
  async function filledCache() {
    const cache = dataFolder();
    fillWithArchives(cache);
    const records = await load({ cache });
    const [packed] = readdirSync(cache).filter((name) => name.endsWith(".bin"));
    return { cache, records, path: join(cache, packed) };
  }
  const removeArchives = (cache: string) => {
    for (const set of Object.keys(smallSets)) rmSync(join(cache, `${set}.tar.gz`));
  };

  test("are there without their files, and the same", async () => {
    const { cache, records } = await filledCache();
    removeArchives(cache);
    for (const set of ["auto", "physionet2012"] as const) {
      expect(comparable(await load({ cache, set, fetch: unreachable }))).toEqual(comparable(records));
    }
  });

  test("are read anew when the compact form is damaged, and mended", async () => {
    const { cache, records, path } = await filledCache();
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, -1));
    expect(comparable(await load({ cache }))).toEqual(comparable(records));
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test("are not replaced by made-up ones when the compact form is damaged and the files are gone", async () => {
    const { cache, path } = await filledCache();
    removeArchives(cache);
    writeFileSync(path, "damaged");
    await expect(load({ cache })).rejects.toThrow(DataError);
    await expect(load({ cache })).rejects.toThrow(/\.bin is damaged: .*; delete it$/);
  });

  test("with and without unknown weights are kept apart", async () => {
    const { cache, records } = await filledCache();
    const dropped = await load({ cache, unknownWeight: "drop" });
    expect(dropped.description).toBe(
      "PhysioNet 2012: the first 2 of 3 stays of sets A and B, weights of -1 left out",
    );
    const observed = (array: Uint8Array) => array.reduce((sum, one) => sum + one, 0);
    expect(observed(dropped.observed)).toBe(observed(records.observed) - 1);
    expect([records, dropped].map(({ features }) => features[0].minimum)).toEqual([-1, 60]);
    expect(comparable(await load({ cache }))).toEqual(comparable(records));
  });

  test("are given even where they cannot be kept", async () => {
    const given = dataFolder();
    fillWithArchives(given);
    vi.stubEnv("GLASSBOX_DATA", given);
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "in the way");
    expect((await load({ cache: join(file, "cache") })).source).toBe("physionet2012");
  });
});

test("published records asked for and not at hand are fetched, once", async () => {
  const archives = new Map(
    Object.entries(smallSets).map(([set, texts]) => [`${set}.tar.gz`, archive(set, texts)]),
  );
  const { address, requests } = await mirror((request, response) =>
    response.end(archives.get((request.url ?? "").replace("/digits/", ""))),
  );
  const cache = join(temporaryFolder(), "cache");
  for (let time = 0; time < 2; time++) {
    const records = await load({ set: "physionet2012", cache, fetch: { mirrors: [address] } });
    expect([...records.ids]).toEqual([101, 103]);
  }
  expect(requests).toEqual([...archives.keys()]);
  expect(existsSync(cache)).toBe(true);
});

test("a limit keeps the first records, normalised as all are", async () => {
  const cache = dataFolder();
  fillWithArchives(cache);
  const whole = await load({ cache, limit: 100 });
  const part = await load({ cache, limit: 1 });
  expect([whole.count, part.count]).toEqual([3, 1]);
  expect(part.features).toEqual(whole.features);
  expect(recordAt(part, 0)).toEqual(recordAt(whole, 0));
  expect(part.values.buffer.byteLength).toBe(4 * 49 * 37);
  for (const limit of [0, -1, 1.5, Number.NaN]) {
    await expect(load({ limit })).rejects.toThrow(`limit must be a whole number of at least 1, got ${limit}`);
  }
});

test("choices that are none are refused", async () => {
  const nonsense = (options: object) => loadPatientRecords(options as PatientRecordsOptions);
  await expect(nonsense({ set: "mimic" })).rejects.toThrow(
    'set must be one of physionet2012, generated, auto, got "mimic"',
  );
  await expect(nonsense({ unknownWeight: "guess" })).rejects.toThrow(
    "unknownWeight must be one of keep, drop",
  );
});
