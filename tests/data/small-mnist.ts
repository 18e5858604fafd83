import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { DataFile, DataSet } from "../../src/data/manifest.js";

/** Writes an IDX file of unsigned bytes, as its specification says. */
export function encodeIdx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, 0x08);
  header.setUint8(3, shape.length);
  shape.forEach((size, axis) => {
    header.setUint32(4 + 4 * axis, size);
  });
  return new Uint8Array(Buffer.concat([new Uint8Array(header.buffer), data]));
}

/** A manifest entry for the given files, as if these bytes had been published. */
export function publish(files: ReadonlyMap<string, Uint8Array>, mirrors: readonly string[] = []): DataSet {
  const describe = ([name, bytes]: [string, Uint8Array]): DataFile => ({
    name,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  return {
    title: "a small set",
    mirrors,
    files: [...files].map(describe),
    ifOffline: "stay calm",
    ifDamaged: "repair it",
    licence: "none",
    citation: "none",
  };
}

/** Four gzip files like MNIST's, with as many images as given and pixels that differ from image to image. */
export function smallMnist(trainCount: number, testCount: number): Map<string, Uint8Array> {
  const images = (count: number) =>
    encodeIdx(
      [count, 28, 28],
      Uint8Array.from({ length: count * 784 }, (_, i) => (i * i + 7 * i) % 251),
    );
  const labels = (count: number) =>
    encodeIdx(
      [count],
      Uint8Array.from({ length: count }, (_, i) => i % 10),
    );
  return new Map(
    Object.entries({
      "train-images-idx3-ubyte.gz": images(trainCount),
      "train-labels-idx1-ubyte.gz": labels(trainCount),
      "t10k-images-idx3-ubyte.gz": images(testCount),
      "t10k-labels-idx1-ubyte.gz": labels(testCount),
    }).map(([name, bytes]) => [name, new Uint8Array(gzipSync(bytes))]),
  );
}

/** The bytes of one of the files. */
export function bytesOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`no file ${name} among ${[...files.keys()].join(", ")}`);
  return bytes;
}

/** An empty folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-data-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files into a folder. */
export function fill(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
}
