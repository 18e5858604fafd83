import { type NdArray, ndArray } from "../compiler/nd-array.js";
import { type LabelledImages, pixelsPerImage } from "./labelled-images.js";

/** Number of classes of digits. */
export const digitClasses = 10;

/** Images and labels as a model reads them. */
export interface ImageBatch {
  /** [images, 784], 0 to 1. */
  readonly inputs: NdArray;
  /** [images, 10], one-hot. */
  readonly targets: NdArray;
}

/** The images at the given positions as a batch: pixels over 255, labels one-hot. */
export function imageBatch({ images, labels }: LabelledImages, positions: ArrayLike<number>): ImageBatch {
  const count = positions.length;
  const inputs = new Float64Array(count * pixelsPerImage);
  const targets = new Float64Array(count * digitClasses);
  for (let i = 0; i < count; i++) {
    const from = positions[i] * pixelsPerImage;
    for (let pixel = 0; pixel < pixelsPerImage; pixel++) {
      inputs[i * pixelsPerImage + pixel] = images[from + pixel] / 255;
    }
    targets[i * digitClasses + labels[positions[i]]] = 1;
  }
  return {
    inputs: ndArray([count, pixelsPerImage], inputs),
    targets: ndArray([count, digitClasses], targets),
  };
}

/** The numbers from `start` up to, not including, `end`. */
export function range(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => start + i);
}
