import { type ArrayLike, array, entryOf, isArrayLike, type NdArray } from "../../compiler/nd-array.js";
import { Random } from "../../compiler/random.js";
import { sameShape, shapeText, sizeOf } from "../../compiler/shape.js";
import { leafText, leavesOf, type Tree } from "../../compiler/tree.js";
import type { BrownianIncrement } from "./brownian-increment.js";
import { BrownianPath, type PathLayout } from "./brownian-path.js";
import type { SdeProblem } from "./sde-problem.js";

/** Arrays under the names of a state. */
export type NamedLike<T> = T extends ArrayLike
  ? ArrayLike
  : { readonly [Name in keyof T]: NamedLike<T[Name]> };

/** Noise that is given: increments between times. */
export interface GivenNoise<Y = Tree<ArrayLike>> {
  /** The times, the first one being the start of the problem's span. */
  readonly times: readonly number[];
  /** Increments of the Wiener processes: the names and shapes of the state, with a leading axis of one less than `times`. */
  readonly dW: NamedLike<Y>;
  /** Independent of dW and as large; I(1,0) = h (dW + dZ / sqrt 3) / 2. @defaultValue drawn */
  readonly dZ?: NamedLike<Y>;
}

/** Where a path's noise comes from. */
export interface PathOptions<Y = Tree<ArrayLike>> {
  /** A whole number: the same one gives the same path. @defaultValue 0 */
  readonly seed?: number;
  /** Noise that the path goes along; what lies between its times is drawn. */
  readonly noise?: GivenNoise<Y>;
}

/**
 * A path of the Wiener processes of a problem's state, to solve along with different methods and steps, and to draw.
 *
 * @throws RangeError when the seed is no whole number, or given noise is of a wrong shape or at wrong times; TypeError when it
 * has other names than the state.
 */
export function brownianPath<Y, P>(
  problem: SdeProblem<Y, P>,
  { seed = 0, noise }: PathOptions<Y> = {},
): BrownianPath<Y> {
  const layout = layoutOf(problem);
  const random = new Random(seed);
  const start = problem.span[0];
  return new BrownianPath<Y>(layout, start, random, noise && givenIncrements(noise, layout, start, random));
}

/** The layout of the noise of a problem. */
export function layoutOf({ y0 }: Pick<SdeProblem, "y0">): PathLayout {
  return { structure: y0.structure, shapes: y0.arrays.map(({ shape }) => shape) };
}

/**
 * Refuses a path that is not one of a state.
 *
 * @throws RangeError saying in which names or shapes they differ.
 */
export function checkLayout(path: PathLayout, state: PathLayout): void {
  const text = ({ structure, shapes }: PathLayout): string =>
    shapes.map((shape, i) => `${leafText(structure.paths[i])} ${shapeText(shape)}`).join(", ");
  if (text(path) === text(state)) return;
  throw new RangeError(
    `solveSde: the path is of noise for ${text(path)}, but the state is ${text(state)}; make it by brownianPath of this problem`,
  );
}

function givenIncrements<Y>(
  { times, dW, dZ }: GivenNoise<Y>,
  layout: PathLayout,
  start: number,
  random: Random,
): BrownianIncrement[] {
  if (times.length < 2 || times[0] !== start || times.some((time, i) => i > 0 && !(time > times[i - 1]))) {
    throw new RangeError(
      `brownianPath: the times of noise must rise from the start of the span, ${start}, got ${times}`,
    );
  }
  const count = times.length - 1;
  const w = increments("dW", dW, layout, count);
  const z = dZ === undefined ? undefined : increments("dZ", dZ, layout, count);
  return w.map((each, i) => {
    const [from, to] = [times[i], times[i + 1]];
    const drawn = () => random.fillNormal(new Float64Array(each.length), Math.sqrt(to - from));
    return { from, to, w: each, z: z ? z[i] : drawn() };
  });
}

/** Given arrays, interval by interval, all leaves one after the other. */
function increments(
  name: string,
  given: unknown,
  { structure, shapes }: PathLayout,
  count: number,
): Float64Array[] {
  const leaves = leavesOf(given as Tree<ArrayLike>, structure, isArrayLike, `the noise ${name}`).map(array);
  leaves.forEach(({ shape }, i) => {
    const needed = [count, ...shapes[i]];
    if (!sameShape(shape, needed)) {
      throw new RangeError(
        `brownianPath: the noise ${name} has shape ${shapeText(shape)} for the state ${leafText(structure.paths[i])}; ` +
          `${count} increments of the state's shape ${shapeText(shapes[i])} are ${shapeText(needed)}`,
      );
    }
  });
  return Array.from({ length: count }, (_, i) => flat(leaves.map((leaf) => entryOf(leaf, i))));
}

function flat(arrays: readonly NdArray[]): Float64Array {
  const data = new Float64Array(arrays.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  let at = 0;
  for (const { data: part } of arrays) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}
