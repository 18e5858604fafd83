import { type NdArray, ndArray } from "../compiler/nd-array.js";
import { sizeOf } from "../compiler/shape.js";

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, NdArray>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor in the header of a file. */
interface TensorEntry {
  readonly dtype: "F32" | "F64";
  readonly shape: readonly number[];
  /** Bytes from and to, from the end of the header on. */
  readonly data_offsets: readonly [number, number];
}

const metadataKey = "__metadata__";
const lengthBytes = 8;
const arrayTypes = { F32: Float32Array, F64: Float64Array };

/**
 * Arrays and texts in the safetensors format (Hugging Face, 2022): the length of a JSON header, little-endian in 8 bytes,
 * the header, padded so that numbers are aligned, and the numbers.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Buffer {
  const header: Record<string, unknown> = { [metadataKey]: metadata };
  const parts: Buffer[] = [];
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const dtype = data instanceof Float32Array ? "F32" : "F64";
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] } satisfies TensorEntry;
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    end += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((8 - (text.length % 8)) % 8, " ");
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(text.length + padding.length));
  return Buffer.concat([length, text, padding, ...parts]);
}

/**
 * Reads what was written in the safetensors format, with numbers in float32 or float64.
 *
 * @throws SyntaxError saying what is wrong with the bytes.
 */
export function decodeSafetensors(bytes: Buffer): Safetensors {
  const header = headerOf(bytes);
  const start = lengthBytes + header.length;
  const { [metadataKey]: metadata = {}, ...entries } = parsed(header);
  let end = start;
  const tensors: Record<string, NdArray> = {};
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: offsets } = entry as TensorEntry;
    const ArrayType = arrayTypes[dtype];
    if (!ArrayType) throw new SyntaxError(`"${name}" holds numbers of the kind ${dtype}, not F32 or F64`);
    const size = sizeOf(shape) * ArrayType.BYTES_PER_ELEMENT;
    if (offsets[0] !== end - start || offsets[1] !== end - start + size) {
      throw new SyntaxError(`"${name}" lies at ${offsets}, expected ${[end - start, end - start + size]}`);
    }
    const numbers = Uint8Array.prototype.slice.call(bytes, end, end + size);
    end += size;
    if (end > bytes.length) throw new SyntaxError(`expected at least ${end} bytes, found ${bytes.length}`);
    tensors[name] = ndArray(shape, new ArrayType(numbers.buffer));
  }
  if (end !== bytes.length) throw new SyntaxError(`expected ${end} bytes, found ${bytes.length}`);
  return { tensors, metadata: metadata as Record<string, string> };
}

function headerOf(bytes: Buffer): Buffer {
  const length = bytes.length < lengthBytes ? 0 : Number(bytes.readBigUInt64LE());
  if (length === 0 || lengthBytes + length > bytes.length) {
    throw new SyntaxError(`no header fits into its ${bytes.length} bytes`);
  }
  return bytes.subarray(lengthBytes, lengthBytes + length);
}

function parsed(header: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(header.toString());
  } catch {
    throw new SyntaxError("its header is no JSON");
  }
}
