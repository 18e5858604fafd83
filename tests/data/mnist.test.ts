import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/data/data-error.js";
import { loadDigits } from "../../src/data/digits.js";
import { readMnist } from "../../src/data/mnist.js";
import { readVerifiedFile } from "../../src/data/verified-file.js";
import { bytesOf, encodeIdx, fill, publish, smallMnist, temporaryFolder } from "./small-mnist.js";

test("images and labels of both parts are those in the files", async () => {
  const folder = temporaryFolder();
  const files = smallMnist(7, 3);
  fill(folder, files);
  const { train, test } = await readMnist(folder, publish(files));
  expect([train.count, test.count]).toEqual([7, 3]);
  const unpacked = (name: string, header: number) =>
    new Uint8Array(gunzipSync(bytesOf(files, name)).subarray(header));
  expect(train.images).toEqual(unpacked("train-images-idx3-ubyte.gz", 16));
  expect(train.labels).toEqual(unpacked("train-labels-idx1-ubyte.gz", 8));
  expect(test.images).toEqual(unpacked("t10k-images-idx3-ubyte.gz", 16));
  expect(test.labels).toEqual(unpacked("t10k-labels-idx1-ubyte.gz", 8));
});

test("no change to a single byte and no truncation of a file goes unseen", async () => {
  const folder = temporaryFolder();
  const name = "labels.gz";
  const whole = new Uint8Array(
    gzipSync(
      encodeIdx(
        [30],
        Uint8Array.from({ length: 30 }, (_, i) => i % 10),
      ),
    ),
  );
  const dataSet = publish(new Map([[name, whole]]));
  const refused = async (bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    const error = await readVerifiedFile(folder, dataSet.files[0], dataSet).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(/labels\.gz is damaged: expected .+, found .+; repair it$/);
  };
  for (let position = 0; position < whole.length; position++) {
    await refused(whole.subarray(0, position));
    for (const flipped of [0x01, 0x80, 0xff]) {
      await refused(whole.map((byte, i) => (i === position ? byte ^ flipped : byte)));
    }
  }
  await refused(new Uint8Array(Buffer.concat([whole, Uint8Array.of(0)])));
});

test("damage to any of the four files stops the whole set, naming that file", async () => {
  const files = smallMnist(4, 2);
  const dataSet = publish(files);
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files.keys()), fc.nat(), async (name, place) => {
      fill(folder, files);
      const bytes = bytesOf(files, name);
      writeFileSync(
        join(folder, name),
        bytes.map((byte, i) => (i === place % bytes.length ? byte ^ 0xff : byte)),
      );
      await expect(readMnist(folder, dataSet)).rejects.toThrow(
        `${join(folder, name)} is damaged: expected SHA-256`,
      );
    }),
    { numRuns: 40 },
  );
});

test("a file that is missing or is a folder is named, with what to do", async () => {
  const folder = temporaryFolder();
  const files = smallMnist(4, 2);
  fill(folder, files);
  const labels = join(folder, "t10k-labels-idx1-ubyte.gz");
  rmSync(labels);
  await expect(readMnist(folder, publish(files))).rejects.toThrow(
    /t10k-labels-idx1-ubyte\.gz does not exist: .*; repair it$/,
  );
  mkdirSync(labels);
  await expect(readMnist(folder, publish(files))).rejects.toThrow(
    /t10k-labels-idx1-ubyte\.gz cannot be read \(EISDIR\): .*; repair it$/,
  );
});

describe("files that were published wrong are refused too", () => {
  const refused = async (name: string, bytes: Uint8Array, message: RegExp) => {
    const folder = temporaryFolder();
    const files = smallMnist(4, 2).set(name, bytes);
    fill(folder, files);
    const reading = readMnist(folder, publish(files));
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message);
  };
  test("no gzip", () =>
    refused(
      "train-labels-idx1-ubyte.gz",
      Uint8Array.of(1, 2, 3),
      /train-labels.* is damaged: expected gzip/,
    ));
  test("gzip that ends early", () =>
    refused(
      "train-labels-idx1-ubyte.gz",
      bytesOf(smallMnist(4, 2), "train-labels-idx1-ubyte.gz").slice(0, -3),
      /gzip/,
    ));
  test("more labels than images", () =>
    refused(
      "train-labels-idx1-ubyte.gz",
      new Uint8Array(gzipSync(encodeIdx([5], new Uint8Array(5)))),
      /5 labels/,
    ));
  test("images of another size", () =>
    refused(
      "t10k-images-idx3-ubyte.gz",
      new Uint8Array(gzipSync(encodeIdx([2, 14, 14], new Uint8Array(392)))),
      /expected n images of 28 x 28 .* 2 x 14 x 14/,
    ));
});

const given = process.env.GLASSBOX_DATA ?? "";
const atHand =
  given !== "" && [given, join(given, "mnist")].some((f) => existsSync(join(f, "t10k-labels-idx1-ubyte.gz")));

test.skipIf(!atHand)(
  "MNIST itself has the published counts (skipped without MNIST in GLASSBOX_DATA)",
  async () => {
    const { train, test, source } = await loadDigits({ set: "mnist" });
    const perClass = (labels: Uint8Array) => {
      const counts = new Array<number>(10).fill(0);
      for (const label of labels) counts[label]++;
      return counts;
    };
    expect(source).toBe("mnist");
    // counted on the archives with the checksums that the manifest holds
    expect(perClass(train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(perClass(test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const mean = train.images.reduce((sum, pixel) => sum + pixel, 0) / train.images.length / 255;
    // 0.1307 is the mean that torchvision's MNIST example normalises with
    expect(mean).toBeCloseTo(0.1307, 4);
  },
);
