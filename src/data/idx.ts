import { DataError } from "./data-error.js";

/** An array of bytes as an IDX file holds it, row by row. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Parses an IDX file of unsigned bytes, the format of MNIST.
 *
 * Big-endian: two zero bytes, the element type, the number of dimensions, one 32-bit size a dimension, the elements
 * with the last index running fastest (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits",
 * 1998). The result shares memory with `bytes`.
 *
 * @param path names the file in errors
 * @throws DataError when the header or the length is wrong
 */
export function parseIdx(bytes: Uint8Array, path: string): IdxArray {
  if (bytes.length < 4) throw damaged(path, "a header of at least 4 bytes", `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const rank = magic & 0xff;
  if (magic >>> 8 !== unsignedByte || rank === 0) {
    throw damaged(
      path,
      "the magic number 0x000008nn of unsigned bytes",
      `0x${magic.toString(16).padStart(8, "0")}`,
    );
  }
  const headerLength = 4 + 4 * rank;
  if (bytes.length < headerLength)
    throw damaged(path, `a header of ${headerLength} bytes`, `${bytes.length} bytes`);

  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== headerLength + count) {
    throw damaged(path, `${count} elements of shape ${shape.join(" x ")}`, `${bytes.length - headerLength}`);
  }
  // not bytes.subarray: of a Buffer that is a Buffer, whose slice() shares memory where an array's copies
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + headerLength, count) };
}

function damaged(path: string, expected: string, found: string): DataError {
  return new DataError(
    `${path} is no complete IDX file: expected ${expected}, found ${found}; replace the file`,
  );
}
