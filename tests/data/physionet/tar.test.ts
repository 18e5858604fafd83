import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/data/data-error.js";
import { parseTar } from "../../../src/data/physionet/tar.js";
import { encodeTar, type TarEntry } from "./small-physionet.js";

const name = fc.stringMatching(/^[a-z0-9./-]{1,99}$/);
const file = fc.record({ name, content: fc.uint8Array({ maxLength: 1500 }) });

const unpack = (archive: Uint8Array) => [...parseTar(archive, "a.tar")];

test("files come out as they went in, in their order; folders and links are passed over", () => {
  const passedOver = fc.record({ name, type: fc.constantFrom("1", "2", "5", "x", "g") });
  fc.assert(
    fc.property(fc.array(fc.oneof(file, passedOver), { maxLength: 6 }), (entries) => {
      const files = entries.filter((entry) => "content" in entry);
      expect(unpack(encodeTar(entries))).toEqual(
        files.map((entry) => ({ name: entry.name, bytes: entry.content })),
      );
    }),
  );
});

test("an archive that was cut off anywhere before its end mark is refused", () => {
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 3 }), fc.nat(), (entries, place) => {
      const whole = encodeTar(entries);
      const cut = whole.subarray(0, place % (whole.length - 1024));
      expect(() => unpack(cut)).toThrow(DataError);
      expect(() => unpack(cut)).toThrow(
        /^a\.tar is no complete tar archive: expected .+ at byte \d+, found .+/,
      );
    }),
  );
});

test("no change to a byte of a header goes unseen", () => {
  const content = Uint8Array.from({ length: 700 }, (_, i) => i);
  const whole = encodeTar([{ name: "set-a/1.txt", content }]);
  for (let position = 0; position < 512; position++) {
    const changed = whole.map((byte, i) => (i === position ? byte ^ 0x15 : byte));
    let files: unknown;
    try {
      files = unpack(changed);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      continue;
    }
    // the last two bytes of the checksum only pad it
    expect(position).toBeGreaterThanOrEqual(154);
    expect(position).toBeLessThan(156);
    expect(files).toEqual(unpack(whole));
  }
});

describe("names", () => {
  const nameOf = (entry: Partial<TarEntry>) => unpack(encodeTar([{ name: "1.txt", ...entry }]))[0].name;
  test("have the prefix of the ustar format", () => {
    expect(nameOf({ prefix: "set-a" })).toBe("set-a/1.txt");
  });
  test("have none in the old GNU format, which keeps times there", () => {
    expect(nameOf({ prefix: "12345670123", magic: "ustar  " })).toBe("1.txt");
  });
  test("may fill their field", () => {
    expect(nameOf({ name: "n".repeat(100) })).toBe("n".repeat(100));
  });
});
