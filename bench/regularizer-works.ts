import { type LabelledImages, Random, softmaxCrossEntropy, type Target } from "glassbox";
import { mnistNetwork } from "#internal/experiments/mnist-ode/mnist-model.js";
import {
  type RegularizationMethodName,
  regularizationMethods,
} from "#internal/experiments/regularization-methods.js";
import { ClassifierBatches } from "#internal/training/classifier-batches.js";
import type { Request } from "./engine.js";
import type { ProblemDescription } from "./problem-files.js";
import type { Works } from "./works.js";

const SEED = 7;

/**
 * A maker of the works of `regularizers`: an iteration of training a classifier of digits with a method's regularizers,
 * without the optimizer's update. Forward is the loss with its penalties, ready to be pulled back; gradient is that and the
 * gradient for all parameters. The random numbers are the same in every run, so STEER always ends at the same time.
 */
export function regularizerWorks(
  { field, batch = 1, rtol, atol, precision }: ProblemDescription,
  target: Target,
): (how: Pick<Request, "regularization">) => Works {
  if (field.kind !== "perceptron") throw new Error("regularizers are measured on a network");
  const [pixels, hidden] = field.widths;
  const model = mnistNetwork(hidden, { rtol, atol, precision, target });
  const batches = new ClassifierBatches(model, softmaxCrossEntropy);
  const params = Object.fromEntries(
    Object.entries(model.initialise(new Random(SEED))).map(([name, array]) => [name, target.put(array)]),
  );
  const images = drawnImages(batch, pixels);
  const positions = Int32Array.from({ length: batch }, (_, i) => i);

  return ({ regularization = "vanilla" }) => {
    const method = regularizationMethods[regularization as RegularizationMethodName];
    const regularizers = method.regularizers(() => 1);
    const begin = () =>
      batches.run(params, images, positions, {
        differentiate: true,
        regularizers,
        progress: 0,
        random: new Random(SEED),
      });
    // STEER solves another problem; all others must find what vanilla finds
    const isComparable = !regularization.includes("steer");
    const described = ({ nfe, loss }: { readonly nfe: number; readonly loss: number }) => ({
      describe: () => ({ nfe, norms: isComparable ? { nfe, loss } : ({} as Record<string, number>) }),
    });
    return {
      forward: () => {
        const step = begin();
        step.release();
        return described(step);
      },
      gradient: () => {
        const step = begin();
        for (const gradient of Object.values(step.gradients())) target.free(gradient);
        step.release();
        return described(step);
      },
    };
  };
}

/** Digits that are none: a fifth of the pixels is lit. */
function drawnImages(count: number, pixels: number): LabelledImages {
  const random = new Random(SEED).split("images");
  const images = Uint8Array.from({ length: count * pixels }, () =>
    random.uniform() < 0.2 ? random.integer(256) : 0,
  );
  const labels = Uint8Array.from({ length: count }, () => random.integer(10));
  return { images, labels, count };
}
