import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { DataError } from "./data-error.js";
import { cacheFolder } from "./data-places.js";
import { type FetchOptions, fetchDataSet } from "./fetch.js";
import { type IdxArray, parseIdx } from "./idx.js";
import { type LabelledImages, pixelsPerImage } from "./labelled-images.js";
import { type DataSet, readManifest } from "./manifest.js";
import { readVerifiedFile } from "./verified-file.js";

/** Where fetched MNIST files are kept: `data/cache/mnist` of the package. */
export const mnistCache = cacheFolder("mnist");

/**
 * Reads MNIST (LeCun et al., 1998) from a folder with its four gzip files.
 *
 * @throws DataError when a file is missing, truncated or not byte for byte the published one
 */
export async function readMnist(
  folder: string,
  dataSet: DataSet = readManifest().mnist,
): Promise<{ train: LabelledImages; test: LabelledImages }> {
  const read = (name: string) => readIdxGzip(folder, name, dataSet);
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    read("train-images-idx3-ubyte.gz"),
    read("train-labels-idx1-ubyte.gz"),
    read("t10k-images-idx3-ubyte.gz"),
    read("t10k-labels-idx1-ubyte.gz"),
  ]);
  return { train: pair(trainImages, trainLabels, folder), test: pair(testImages, testLabels, folder) };
}

/**
 * Fetches MNIST's four files (11.6 MB) into a folder; files that are there and whole are kept, damaged ones replaced.
 *
 * @param folder @defaultValue `data/cache/mnist` of the package
 * @throws DataError when no mirror gives the published bytes; the signal's reason when aborted
 */
export async function fetchMnist(folder: string = mnistCache, options: FetchOptions = {}): Promise<void> {
  await fetchDataSet(readManifest().mnist, folder, options);
}

async function readIdxGzip(folder: string, name: string, dataSet: DataSet): Promise<IdxArray> {
  const file = dataSet.files.find((entry) => entry.name === name);
  if (!file) throw new DataError(`the manifest entry of "${dataSet.title}" has no file ${name}; add it`);
  const path = join(folder, name);
  const compressed = await readVerifiedFile(folder, file, dataSet);
  const bytes = await promisify(gunzip)(compressed).catch((cause: Error) => {
    throw new DataError(`${path} is damaged: expected gzip, found ${cause.message}; ${dataSet.ifDamaged}`, {
      cause,
    });
  });
  return parseIdx(bytes, path);
}

function pair(images: IdxArray, labels: IdxArray, folder: string): LabelledImages {
  const [count] = images.shape;
  if (images.data.length !== count * pixelsPerImage || labels.data.length !== count) {
    const found = `images of shape ${images.shape.join(" x ")} with ${labels.shape.join(" x ")} labels`;
    throw new DataError(`${folder} is no MNIST: expected n images of 28 x 28 with n labels, found ${found}`);
  }
  return { images: images.data, labels: labels.data, count };
}
