import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { range } from "../../src/data/image-batch.js";
import { linearModel } from "../../src/models/linear-model.js";
import type { Model } from "../../src/models/model.js";
import { dense } from "../../src/nn/dense.js";
import { softmaxCrossEntropy } from "../../src/nn/losses.js";
import { Classifier } from "../../src/training/classifier.js";
import { evaluateClassifier } from "../../src/training/evaluate.js";
import { countingTarget } from "../laws/counting-target.js";
import { smallImages, smallLinear, smallOde } from "./small-training.js";

const images = smallImages(11, 3);

/** Makes a classifier at random parameters for as long as `run` takes. */
async function withClassifier<T>(model: Model, run: (classifier: Classifier) => Promise<T>): Promise<T> {
  const classifier = new Classifier(model, softmaxCrossEntropy, model.initialise(new Random(2)));
  try {
    return await run(classifier);
  } finally {
    classifier.dispose();
    model.dispose();
  }
}

describe.each([
  ["the linear model", () => smallLinear()],
  ["a neural ODE", () => smallOde({ rtol: 1e-9, atol: 1e-9 })],
])("the evaluation of %s", (_, make) => {
  it("over batches, the last of them partial, counts as one image at a time does", async () => {
    await withClassifier(make(), async (classifier) => {
      const single = Array.from(range(0, images.count), (i) => classifier.measure(images, [i]));
      const correct = single.reduce((sum, each) => sum + each.correct, 0);
      const loss = single.reduce((sum, each) => sum + each.loss, 0) / images.count;
      for (const batchSize of [1, 4, 11, 512]) {
        const found = await evaluateClassifier(classifier, images, { batchSize });
        expect(found.accuracy).toBe(correct / images.count);
        expect(found.loss).toBeAllclose(loss, { relative: 1e-7 });
      }
    });
  });

  it("gives the mean number of function evaluations over the batches", async () => {
    await withClassifier(make(), async (classifier) => {
      const whole = classifier.measure(images, range(0, 8)).nfe;
      const rest = classifier.measure(images, range(8, 11)).nfe;
      expect((await evaluateClassifier(classifier, images, { batchSize: 8 })).nfe).toBe((whole + rest) / 2);
    });
  });

  it("stops between two batches when it is told to", async () => {
    await withClassifier(make(), async (classifier) => {
      const stop = new AbortController();
      const evaluation = evaluateClassifier(classifier, images, { batchSize: 1, signal: stop.signal });
      setImmediate(() => stop.abort(new Error("enough")));
      await expect(evaluation).rejects.toThrow("enough");
    });
  });
});

describe("a classifier", () => {
  it("leaves nothing on the target, and keeps its parameters", async () => {
    const target = countingTarget();
    await withClassifier(smallLinear(target), async (classifier) => {
      const before = target.values;
      await evaluateClassifier(classifier, images, { batchSize: 4 });
      expect(target.values).toBe(before);
    });
    expect([target.values, target.programs]).toEqual([0, 0]);
  });

  it("needs a model of images and digits", () => {
    const head = dense({ inputs: 3, outputs: 2 });
    const model = linearModel({ head, features: 3, outputs: 2, target: "javascript" });
    expect(() => new Classifier(model, softmaxCrossEntropy, model.initialise(new Random(1)))).toThrow(
      "needs a model of 784 features and 10 outputs, got 3 and 2",
    );
  });
});
