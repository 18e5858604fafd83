import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import type { LabelledImages } from "../../src/data/labelled-images.js";
import { softmaxCrossEntropy } from "../../src/nn/losses.js";
import { ClassifierTask } from "../../src/training/classifier-task.js";
import { iterationAt } from "../../src/training/iterations.js";
import { smallImages, smallLinear } from "./small-training.js";

/** Images that tell at which positions they are read. */
function watched(images: LabelledImages, read: (position: number) => void): LabelledImages {
  const labels = new Proxy(images.labels, {
    get: (target, key) => {
      if (typeof key === "string" && /^\d+$/.test(key)) read(Number(key));
      return Reflect.get(target, key);
    },
  });
  return { ...images, labels };
}

describe("classification by mini-batches", () => {
  const model = smallLinear("javascript");
  const { target } = model;
  const params = Object.fromEntries(
    Object.entries(model.initialise(new Random(1))).map(([name, array]) => [name, target.put(array)]),
  );
  afterAll(() => model.dispose());

  const size = fc.integer({ min: 1, max: 9 });
  it("goes over every image once in each epoch, in a new order, whichever iteration is asked for first", () => {
    fc.assert(
      fc.property(size, size, fc.nat(), (count, batchSize, seed) => {
        const read: number[] = [];
        const images = watched(smallImages(count, 1), (position) => void read.push(position));
        const shared = { model, loss: softmaxCrossEntropy, batchSize };
        const task = new ClassifierTask({ ...shared, train: images, validation: images });
        const { iterationsPerEpoch } = task;
        expect(iterationsPerEpoch).toBe(Math.ceil(count / batchSize));
        const iterations = 2 * iterationsPerEpoch;
        const random = new Random(seed);
        const plan = {
          iterations,
          iterationsPerEpoch,
          annealing: "epoch",
          regularizers: [],
          random,
        } as const;
        const batches = new Map<number, number[]>();
        for (const done of random.permutation(iterations)) {
          task.step(params, iterationAt(plan, done + 1)).release();
          batches.set(done, read.splice(0));
        }
        const epochs = [0, 1].map((epoch) =>
          Array.from({ length: iterationsPerEpoch }, (_, place) =>
            batches.get(epoch * iterationsPerEpoch + place),
          ).flat(),
        );
        const all = Array.from({ length: count }, (_, i) => i);
        for (const epoch of epochs) expect([...epoch].sort()).toEqual(all);
        for (const batch of batches.values()) expect(batch.length).toBeLessThanOrEqual(batchSize);
        // two orders of nine are the same once in 362,880
        if (count === 9) expect(epochs[1]).not.toEqual(epochs[0]);
        task.dispose();
      }),
      { numRuns: 20 },
    );
  });
});
