import { DataError } from "../data-error.js";

/** A regular file of an archive; its bytes share memory with the archive's. */
export interface TarFile {
  /** With the folders it lies in, such as `set-a/132539.txt`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const blockSize = 512;

/**
 * Goes through the regular files of an unpacked tar archive, in the archive's order.
 *
 * Reads the ustar format (POSIX.1-1988: a header of 512 bytes a file, numbers in octal, data padded to 512 bytes, two
 * blocks of zeros at the end) and what later formats have in common with it. Folders, links and extended headers are
 * passed over, so names of more than 255 bytes are not supported.
 *
 * @param path names the archive in errors
 * @throws DataError when a header is damaged or the archive ends early
 */
export function* parseTar(archive: Uint8Array, path: string): Generator<TarFile> {
  let position = 0;
  for (;;) {
    const header = archive.subarray(position, position + blockSize);
    if (header.length < blockSize) throw damaged(path, position, "a header or the end mark", "the end");
    if (header.every((byte) => byte === 0)) return;
    checkHeader(header, path, position);
    const size = octal(header, 124, 12);
    const start = position + blockSize;
    if (start + size > archive.length) {
      throw damaged(path, start, `${size} bytes of ${nameOf(header)}`, `${archive.length - start}`);
    }
    const type = header[156];
    const isRegular = type === "0".charCodeAt(0) || type === 0;
    if (isRegular) yield { name: nameOf(header), bytes: archive.subarray(start, start + size) };
    position = start + Math.ceil(size / blockSize) * blockSize;
  }
}

/** The checksum is the sum of the header's bytes, its own field counting as eight blanks. */
function checkHeader(header: Uint8Array, path: string, position: number): void {
  const expected = octal(header, 148, 8);
  let sum = 8 * " ".charCodeAt(0);
  for (let i = 0; i < blockSize; i++) if (i < 148 || i >= 156) sum += header[i];
  if (sum !== expected) throw damaged(path, position, "a header whose checksum is right", `sum ${sum}`);
}

function nameOf(header: Uint8Array): string {
  const name = text(header, 0, 100);
  // the old GNU format, "ustar" and two blanks, keeps times in the place of the prefix
  const prefix = text(header, 257, 6) === "ustar" ? text(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function octal(header: Uint8Array, start: number, length: number): number {
  return Number.parseInt(text(header, start, length).trim() || "0", 8);
}

/** A field of text: up to its first zero byte, if it has one. */
function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("latin1");
}

function damaged(path: string, position: number, expected: string, found: string): DataError {
  return new DataError(
    `${path} is no complete tar archive: expected ${expected} at byte ${position}, found ${found}; replace the archive`,
  );
}
