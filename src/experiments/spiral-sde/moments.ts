import { type NdArray, ndArray } from "../../compiler/nd-array.js";

/** Means and variances of paths in the plane at many times, each of shape [times, 2]. */
export interface Moments {
  readonly times: readonly number[];
  readonly means: NdArray;
  /** Unbiased: over one less than there are paths. */
  readonly variances: NdArray;
}

/** The moments of states of shape [times, paths, 2]. */
export function momentsOf(times: readonly number[], { shape, data }: NdArray): Moments {
  const [count, paths, width] = shape;
  const means = new Float64Array(count * width);
  const variances = new Float64Array(count * width);
  for (let place = 0; place < count * width; place++) {
    const first = Math.floor(place / width) * paths * width + (place % width);
    let mean = 0;
    for (let path = 0; path < paths; path++) mean += data[first + path * width] / paths;
    let squares = 0;
    for (let path = 0; path < paths; path++) squares += (data[first + path * width] - mean) ** 2;
    means[place] = mean;
    variances[place] = squares / (paths - 1);
  }
  return {
    times,
    means: ndArray([count, width], means),
    variances: ndArray([count, width], variances),
  };
}
