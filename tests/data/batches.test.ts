import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { epochBatches } from "../../src/data/batches.js";

const sizes = [fc.nat({ max: 300 }), fc.integer({ min: 1, max: 350 }), fc.integer()] as const;

test("an epoch visits every sample exactly once, in full batches and a rest", () => {
  fc.assert(
    fc.property(...sizes, (count, batchSize, seed) => {
      const batches = [...epochBatches(count, batchSize, new Random(seed))];
      expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
      expect(batches.length).toBe(Math.ceil(count / batchSize));
      for (const batch of batches.slice(0, -1)) expect(batch.length).toBe(batchSize);
    }),
  );
});

test("the same stream gives the same batches, the next epoch's stream others", () => {
  fc.assert(
    fc.property(...sizes, (count, batchSize, seed) => {
      const epoch = (label: string) => [...epochBatches(count, batchSize, new Random(seed).split(label))];
      expect(epoch("epoch 1")).toEqual(epoch("epoch 1"));
      // 50! orders: two that agree would be no accident
      if (count >= 50) expect(epoch("epoch 1")).not.toEqual(epoch("epoch 2"));
    }),
  );
});

test("sizes that make no sense are refused with the value", () => {
  const batches = (count: number, batchSize: number) => () => [
    ...epochBatches(count, batchSize, new Random(1)),
  ];
  for (const wrong of [0, -3, 2.5, Number.NaN]) {
    expect(batches(10, wrong)).toThrow(`batchSize must be a whole number of at least 1, got ${wrong}`);
  }
  for (const wrong of [-1, 0.5, Number.NaN]) expect(batches(wrong, 4)).toThrow(`got ${wrong}`);
});
