import type { Random } from "../compiler/random.js";
import type { Horizon, HorizonRegularizer } from "./regularizer.js";

/** Options of STEER. */
export interface SteerOptions {
  /** b: how far the end of the span may move, either way. Saved times move by up to half the distance to the one before. */
  readonly width: number;
}

/**
 * Moves the end of the solve at random in every iteration: T + U(-b, b) (Ghosh et al., NeurIPS 2020, "STEER"). Where
 * states are saved at times t_i, those move and the span stays: t_i + U(-1, 1) (t_i - t_(i-1)) / 2, kept in the span and in
 * order (Pal et al., ICML 2021, code). The first of them stays.
 *
 * @throws RangeError when the width is not positive; in training, when it is not below the length of the span.
 */
export function steer({ width }: SteerOptions): HorizonRegularizer {
  if (!(width > 0)) throw new RangeError(`steer: width must be positive, got ${width}`);
  return {
    name: "steer",
    settings: { width },
    horizon: (times, random) =>
      times.saveAt ? withMovedTimes(times, random) : withMovedEnd(times, width, random),
  };
}

const betweenMinusOneAndOne = (random: Random): number => 2 * random.uniform() - 1;

function withMovedEnd({ span: [start, end] }: Horizon, width: number, random: Random): Horizon {
  if (width >= Math.abs(end - start)) {
    throw new RangeError(
      `steer: width must be below the length of the span, ${Math.abs(end - start)}, got ${width}`,
    );
  }
  return { span: [start, end + width * betweenMinusOneAndOne(random)] };
}

function withMovedTimes({ span, saveAt = [] }: Horizon, random: Random): Horizon {
  const [start, end] = span;
  const direction = Math.sign(end - start);
  const later = (a: number, b: number): number => (direction > 0 ? Math.max(a, b) : Math.min(a, b));
  const earlier = (a: number, b: number): number => (direction > 0 ? Math.min(a, b) : Math.max(a, b));
  const moved: number[] = [];
  saveAt.forEach((time, i) => {
    const distance = time - (saveAt[i - 1] ?? time);
    const wanted = time + (betweenMinusOneAndOne(random) * distance) / 2;
    moved.push(earlier(later(wanted, moved[i - 1] ?? start), end));
  });
  return { span, saveAt: moved };
}
