import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { readEmbeddedDigits } from "../../src/data/embedded-digits.js";
import type { LabelledImages } from "../../src/data/labelled-images.js";

const { train, test: testing } = await readEmbeddedDigits();

/** One word an image, its digit included. */
function fingerprints({ images, labels, count }: LabelledImages): string[] {
  return Array.from({ length: count }, (_, i) => {
    const pixels = Buffer.from(images.subarray(784 * i, 784 * (i + 1))).toString("latin1");
    return labels[i] + pixels;
  });
}

test("8,000 images train and 2,000 test, and no image is in both or twice in one", () => {
  expect([train.count, testing.count]).toEqual([8000, 2000]);
  expect(new Set([...fingerprints(train), ...fingerprints(testing)]).size).toBe(10_000);
});

test("every image of the package is there with its digit, its pixels exact to the package's three decimals", () => {
  const digits = createRequire(import.meta.url)("mnist") as { raw: number[]; length: number }[];
  const expected = digits.flatMap(({ raw, length }, digit) => {
    // what it must round to: pixels there are k/255 rounded to three decimals
    const bytes = raw.map((pixel) => {
      const k = Math.round(pixel * 255);
      if (Math.abs(k / 255 - pixel) > 0.0005 + 1e-12) throw new Error(`${pixel} is not a multiple of 1/255`);
      return k;
    });
    return fingerprints({
      images: Uint8Array.from(bytes),
      labels: new Uint8Array(length).fill(digit),
      count: length,
    });
  });
  expect(new Set([...fingerprints(train), ...fingerprints(testing)])).toEqual(new Set(expected));
});

test("both parts are shuffled and hold every digit in about its share", () => {
  for (const { labels, count } of [train, testing]) {
    const counts = new Array<number>(10).fill(0);
    for (const label of labels) counts[label]++;
    for (const n of counts) expect(n / count).toBeGreaterThan(0.07);
    const changes = labels.filter((label, i) => i > 0 && label !== labels[i - 1]).length;
    expect(changes / count).toBeGreaterThan(0.85);
  }
});

test("the split never changes: committed results rest on it", async () => {
  const sha256 = (parts: LabelledImages[]) => {
    const hash = createHash("sha256");
    for (const { images, labels } of parts) hash.update(images).update(labels);
    return hash.digest("hex");
  };
  const again = await readEmbeddedDigits();
  expect(sha256([again.train, again.test])).toBe(sha256([train, testing]));
  // own value, of the day the split was made: a change to the random streams must not move it unseen
  expect(sha256([train, testing])).toBe("f7118b9be0c196fb49c7894882982616c5060046e1eb48c0ad943d9e032a2e1a");
});
