/** Pixels in one image: 28 rows of 28. */
export const pixelsPerImage = 28 * 28;

/** Grey images of 28 x 28 pixels, each with the digit it shows. */
export interface LabelledImages {
  /** `count` x 784, image by image and row by row; 0 is background, 255 is ink. */
  readonly images: Uint8Array;
  /** `count` digits, 0 to 9. */
  readonly labels: Uint8Array;
  readonly count: number;
}

/** Copies the images at the given positions, in that order. */
export function selectImages(from: LabelledImages, positions: ArrayLike<number>): LabelledImages {
  const count = positions.length;
  const images = new Uint8Array(count * pixelsPerImage);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const start = positions[i] * pixelsPerImage;
    images.set(from.images.subarray(start, start + pixelsPerImage), i * pixelsPerImage);
    labels[i] = from.labels[positions[i]];
  }
  return { images, labels, count };
}

/** Copies the first images, at most `limit` of them; without a limit, the set itself. */
export function firstImages(from: LabelledImages, limit: number = from.count): LabelledImages {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`a limit on images must be a whole number of at least 1, got ${limit}`);
  }
  if (limit >= from.count) return from;
  // slice, not subarray: a view would keep the whole set in memory
  return {
    images: from.images.slice(0, limit * pixelsPerImage),
    labels: from.labels.slice(0, limit),
    count: limit,
  };
}
