import { createHash } from "node:crypto";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "./safetensors.js";

const mark = '"sha256":"';
const blank = "0".repeat(64);

/** Arrays and texts as a safetensors file with a checksum of all its bytes, the checksum's own taken as zeros. */
export function encodeSealed({ tensors, metadata }: Safetensors): Buffer {
  const bytes = encodeSafetensors({ tensors, metadata: { sha256: blank, ...metadata } });
  bytes.write(checksumOf(bytes), bytes.indexOf(mark) + mark.length);
  return bytes;
}

/**
 * Reads a file with a checksum.
 *
 * @throws SyntaxError saying what is wrong with the bytes.
 */
export function decodeSealed(bytes: Buffer): Safetensors {
  const place = bytes.indexOf(mark) + mark.length;
  if (place < mark.length || place + blank.length > bytes.length) throw new SyntaxError("it has no checksum");
  const expected = bytes.toString("latin1", place, place + blank.length);
  const found = checksumOf(Buffer.from(bytes).fill("0", place, place + blank.length));
  if (found !== expected) throw new SyntaxError(`expected SHA-256 ${expected}, found ${found}`);
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { sha256, ...rest } = metadata;
  return { tensors, metadata: rest };
}

function checksumOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
