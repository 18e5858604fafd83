import { createHash } from "node:crypto";
import { DataError } from "../data-error.js";
import type { PatientRecords } from "./patient-records.js";

/**
 * Packs records into bytes: only the fifth of the cells that is observed takes more than a bit.
 *
 * Parts, little-endian: SHA-256 of all that follows (32 bytes), length of the header (4), the header as JSON padded with
 * blanks to a multiple of 4, RecordIDs (32-bit integers), observed values (float32), and one bit a cell that says where
 * they belong.
 *
 * @param key what the records were made from and how; {@link decodeRecords} demands the same
 */
export function encodeRecords(records: PatientRecords, key: string): Uint8Array {
  const { ids, values, observed, ...described } = records;
  const packed = values.filter((_, cell) => observed[cell] === 1);
  const bits = new Uint8Array(Math.ceil(observed.length / 8));
  for (let cell = 0; cell < observed.length; cell++) bits[cell >> 3] |= observed[cell] << (cell & 7);
  const json = JSON.stringify({ key, observations: packed.length, described } satisfies Header);
  const header = Buffer.from(json + " ".repeat(-Buffer.byteLength(json) & 3));
  const content = Buffer.concat([
    new Uint8Array(Uint32Array.of(header.length).buffer),
    header,
    bytesOf(ids),
    bytesOf(packed),
    bits,
  ]);
  return Buffer.concat([createHash("sha256").update(content).digest(), content]);
}

/**
 * Unpacks what {@link encodeRecords} packed.
 *
 * @param path names the file in errors
 * @throws DataError when a byte was changed or is missing, or the records were made from something else
 */
export function decodeRecords(bytes: Uint8Array, key: string, path: string): PatientRecords {
  const content = bytes.subarray(32);
  const expected = Buffer.from(bytes.subarray(0, 32)).toString("hex");
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== expected) {
    throw new DataError(
      `${path} is damaged: expected SHA-256 ${expected || "of 32 bytes"}, found ${found}; delete it`,
    );
  }
  const { buffer } = new Uint8Array(content); // a copy: arrays of numbers begin at multiples of their size
  const headerLength = new Uint32Array(buffer, 0, 1)[0];
  const header: Header = JSON.parse(Buffer.from(buffer, 4, headerLength).toString("utf8"));
  if (header.key !== key) {
    throw new DataError(
      `${path} holds other records: expected those of ${key}, found those of ${header.key}; delete it`,
    );
  }
  const { described, observations } = header;
  const ids = new Int32Array(buffer, 4 + headerLength, described.count);
  const packed = new Float32Array(buffer, ids.byteOffset + ids.byteLength, observations);
  const bits = new Uint8Array(buffer, packed.byteOffset + packed.byteLength);
  const cells = described.count * described.times.length * described.features.length;
  const values = new Float32Array(cells);
  const observed = new Uint8Array(cells);
  for (let cell = 0, next = 0; cell < cells; cell++) {
    if (((bits[cell >> 3] >> (cell & 7)) & 1) === 0) continue;
    values[cell] = packed[next++];
    observed[cell] = 1;
  }
  return { ...described, ids: ids.slice(), values, observed };
}

interface Header {
  readonly key: string;
  readonly observations: number;
  readonly described: Omit<PatientRecords, "ids" | "values" | "observed">;
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
