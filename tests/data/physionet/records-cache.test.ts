import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "../../../src/data/data-error.js";
import { decodeRecords, encodeRecords } from "../../../src/data/physionet/records-cache.js";
import { comparable, recordsOf, someObserved } from "./records.js";

test("records are the same after packing and unpacking", () => {
  fc.assert(
    fc.property(someObserved, fc.string(), (observed, key) => {
      const records = recordsOf(observed);
      const unpacked = decodeRecords(encodeRecords(records, key), key, "cache");
      expect(comparable(unpacked)).toEqual(comparable(records));
    }),
    { numRuns: 50 },
  );
});

test("a byte that changed and an end that is missing are seen", () => {
  fc.assert(
    fc.property(someObserved, fc.nat(), fc.integer({ min: 1, max: 255 }), (observed, place, change) => {
      const whole = encodeRecords(recordsOf(observed), "key");
      const position = place % whole.length;
      for (const damaged of [
        whole.subarray(0, position),
        Uint8Array.from(whole, (byte, i) => (i === position ? byte ^ change : byte)),
      ]) {
        expect(() => decodeRecords(damaged, "key", "cache.bin")).toThrow(DataError);
        expect(() => decodeRecords(damaged, "key", "cache.bin")).toThrow(
          /^cache\.bin is damaged: expected .*; delete it$/,
        );
      }
    }),
    { numRuns: 50 },
  );
});

test("records made from something else are refused", () => {
  const records = recordsOf([[[5, 80]]]);
  expect(() => decodeRecords(encodeRecords(records, "1 keep"), "1 drop", "cache.bin")).toThrow(
    "cache.bin holds other records: expected those of 1 drop, found those of 1 keep; delete it",
  );
});
