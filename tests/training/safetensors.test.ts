import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { sizeOf } from "../../src/compiler/shape.js";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "../../src/training/safetensors.js";
import { decodeSealed, encodeSealed } from "../../src/training/sealed.js";
import { anyShape } from "../laws/numbers.js";

/** Arrays of every number there is in both precisions: infinities, NaN and -0 too. */
const anyArray: fc.Arbitrary<NdArray> = anyShape().chain((shape) => {
  const length = { minLength: sizeOf(shape), maxLength: sizeOf(shape) };
  return fc
    .oneof(fc.float32Array(length), fc.float64Array(length))
    .map((data) => ndArray(shape, data as Float32Array | Float64Array));
});

/** Names and texts that JSON has to escape, and any others. */
const anyText = fc.string({ unit: "binary" });

const anyContent: fc.Arbitrary<Safetensors> = fc.record({
  tensors: fc.dictionary(
    anyText.filter((name) => !name.startsWith("__")),
    anyArray,
    { maxKeys: 4, noNullPrototype: true },
  ),
  metadata: fc.dictionary(
    anyText.filter((name) => name !== "__proto__" && name !== "sha256"),
    anyText,
    { maxKeys: 4, noNullPrototype: true },
  ),
});

describe("a safetensors file", () => {
  it("gives back every array bit for bit, and every text", () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        expect(decodeSafetensors(encodeSafetensors(content))).toEqual(content);
        expect(decodeSealed(encodeSealed(content))).toEqual(content);
      }),
    );
  });

  // https://github.com/huggingface/safetensors, README, section "Format"
  it("is laid out as the format has it: header length, JSON that begins with a brace, numbers without holes", () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const bytes = encodeSafetensors(content);
        const length = Number(bytes.readBigUInt64LE());
        const text = bytes.toString("utf8", 8, 8 + length);
        expect(text[0]).toBe("{");
        expect((8 + length) % 8).toBe(0);
        const { __metadata__, ...entries } = JSON.parse(text);
        expect(__metadata__).toEqual(content.metadata);
        let end = 0;
        for (const [name, { shape, data }] of Object.entries(content.tensors)) {
          const dtype = data instanceof Float32Array ? "F32" : "F64";
          const from = end;
          end += data.byteLength;
          expect(entries[name]).toEqual({ dtype, shape, data_offsets: [from, end] });
          data.forEach((value, i) => {
            const at = 8 + length + from + i * data.BYTES_PER_ELEMENT;
            expect(dtype === "F32" ? bytes.readFloatLE(at) : bytes.readDoubleLE(at)).toBe(value);
          });
        }
        expect(bytes.length).toBe(8 + length + end);
      }),
    );
  });

  it("is read as other programs write it: header unpadded, numbers in any order of names", () => {
    const header = JSON.stringify({
      b: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
      a: { dtype: "F64", shape: [], data_offsets: [8, 16] },
    });
    const bytes = Buffer.alloc(8 + header.length + 16);
    bytes.writeBigUInt64LE(BigInt(header.length));
    bytes.write(header, 8);
    bytes.writeFloatLE(1.5, 8 + header.length);
    bytes.writeFloatLE(-2, 8 + header.length + 4);
    bytes.writeDoubleLE(0.1, 8 + header.length + 8);
    expect(decodeSafetensors(bytes)).toEqual({
      metadata: {},
      tensors: {
        b: { shape: [2], data: Float32Array.of(1.5, -2) },
        a: { shape: [], data: Float64Array.of(0.1) },
      },
    });
  });

  const described = (entry: object): Buffer => {
    const header = JSON.stringify({ a: entry });
    const bytes = Buffer.alloc(8 + header.length + 8);
    bytes.writeBigUInt64LE(BigInt(header.length));
    bytes.write(header, 8);
    return bytes;
  };
  it.each([
    [Buffer.alloc(3), "no header fits into its 3 bytes"],
    [Buffer.from([100, 0, 0, 0, 0, 0, 0, 0, 123]), "no header fits into its 9 bytes"],
    [Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 123, 123]), "its header is no JSON"],
    [
      described({ dtype: "BF16", shape: [4], data_offsets: [0, 8] }),
      '"a" holds numbers of the kind BF16, not F32 or F64',
    ],
    [described({ dtype: "F64", shape: [1], data_offsets: [8, 16] }), '"a" lies at 8,16, expected 0,8'],
    [described({ dtype: "F64", shape: [2], data_offsets: [0, 16] }), "expected at least 79 bytes, found 71"],
    [described({ dtype: "F32", shape: [1], data_offsets: [0, 4] }), "expected 66 bytes, found 70"],
  ])("that is damaged says how (%#)", (bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(new SyntaxError(message));
  });
});

describe("a file with a checksum", () => {
  it("notices every change of a byte, and every end that is missing", () => {
    const bytes = encodeSealed({
      tensors: { weight: ndArray([2, 3], Float64Array.of(1, -2, 3.5, 0, 1e300, 5)) },
      metadata: { seed: "1", note: '"sha256":"' },
    });
    expect(decodeSealed(bytes).metadata).toEqual({ seed: "1", note: '"sha256":"' });
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1 + (at % 255);
      expect(() => decodeSealed(changed)).toThrow(SyntaxError);
      expect(() => decodeSealed(bytes.subarray(0, at))).toThrow(SyntaxError);
    }
  });
});
