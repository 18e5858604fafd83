import { Random } from "../../src/compiler/random.js";
import type { TargetChoice } from "../../src/compiler/targets/choose-target.js";
import { onnxTarget } from "../../src/compiler/targets/onnx/onnx-target.js";
import { type LabelledImages, pixelsPerImage } from "../../src/data/labelled-images.js";
import { linearModel } from "../../src/models/linear-model.js";
import type { Model } from "../../src/models/model.js";
import { type NeuralOdeOptions, neuralOde } from "../../src/models/neural-ode.js";
import { dense } from "../../src/nn/dense.js";
import { softmaxCrossEntropy } from "../../src/nn/losses.js";
import { momentum } from "../../src/nn/optimizers/momentum.js";
import { sequential } from "../../src/nn/sequential.js";
import type { TrainOptions } from "../../src/training/train.js";
import type { TrainingProgress } from "../../src/training/training-progress.js";

const classes = 10;

/** Images are wide enough for onnxruntime to be the fastest target; one thread leaves the other cores to other tests. */
export const fastTarget = onnxTarget({ precision: "float64", threads: 1 });

/** Noisy images whose digit can be read off: every digit lights rows of its own. */
export function smallImages(count: number, seed: number): LabelledImages {
  const random = new Random(seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  const images = Uint8Array.from({ length: count * pixelsPerImage }, (_, at) => {
    const [image, row] = [Math.floor(at / pixelsPerImage), Math.floor((at % pixelsPerImage) / 56)];
    return random.integer(80) + (row === labels[image] ? 120 : 0);
  });
  return { images, labels, count };
}

const head = dense({ inputs: pixelsPerImage, outputs: classes });

/** The linear model of images. */
export function smallLinear(target: TargetChoice = fastTarget): Model {
  return linearModel({ head, features: pixelsPerImage, outputs: classes, target });
}

/** A neural ODE of images with two hidden units, solved loosely. */
export function smallOde(options: Partial<NeuralOdeOptions> = {}): Model {
  const field = sequential({
    hidden: dense({ inputs: pixelsPerImage, outputs: 2, activation: "tanh", time: true }),
    output: dense({ inputs: 2, outputs: pixelsPerImage, activation: "tanh", time: true }),
  });
  const shape = { field, head, features: pixelsPerImage, outputs: classes };
  return neuralOde({ ...shape, rtol: 1e-3, atol: 1e-3, target: fastTarget, ...options });
}

/** Options of a short training: 3 epochs of 2 iterations. */
export function smallTraining(model: Model, options: Partial<TrainOptions> = {}): TrainOptions {
  return {
    model,
    train: smallImages(20, 1),
    validation: smallImages(10, 2),
    loss: softmaxCrossEntropy,
    optimizer: momentum({ learningRate: 0.02 }),
    batchSize: 10,
    epochs: 3,
    seed: 1,
    ...options,
  };
}

/** Collects progress; times are left out, since they differ from run to run. */
export function recorder() {
  const records: Omit<TrainingProgress, "seconds" | "secondsLeft">[] = [];
  const onProgress = ({ seconds, secondsLeft, ...rest }: TrainingProgress): void => {
    records.push(rest);
  };
  return { records, onProgress };
}
