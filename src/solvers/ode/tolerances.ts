import { type ArrayLike, array, isArrayLike, type NdArray } from "../../compiler/nd-array.js";
import { broadcastStrides, type Shape, shapeText, sizeOf, stridesOf } from "../../compiler/shape.js";
import { flattenTree, type Tree } from "../../compiler/tree.js";
import { leavesByName } from "./leaves-by-name.js";
import type { AnyOdeProblem, ArrayTree } from "./ode-problem.js";
import type { Tolerances } from "./step.js";

/** Tolerances that differ between components: of each leaf a number or an array that broadcasts to it. */
export interface ComponentTolerances {
  readonly rtol?: readonly NdArray[];
  readonly atol?: readonly NdArray[];
}

/** Checked tolerances. */
export interface CheckedTolerances extends Tolerances {
  /** What is not one number; then there is NaN in its place, which nothing reads. */
  readonly componentTolerances?: ComponentTolerances;
}

/** Smallest relative tolerance that means something by itself: a few roundings of a double. */
const smallestRelative = 1e-14;

/**
 * Tolerances of a problem, each one number or by the names of its state.
 *
 * @throws RangeError for impossible numbers and shapes; TypeError for names that the state has not, or that are missing.
 */
export function checkedTolerances(
  problem: AnyOdeProblem,
  rtol: Tree<ArrayLike>,
  atol: Tree<ArrayLike>,
): CheckedTolerances {
  if (typeof rtol !== "number" || typeof atol !== "number") return byComponent(problem, rtol, atol);
  check("atol", atol >= 0 && Number.isFinite(atol), "a finite number, at least 0", atol);
  checkPair(rtol, atol, "");
  return { rtol, atol };
}

function byComponent(
  { y0, steers }: AnyOdeProblem,
  rtol: Tree<ArrayLike>,
  atol: Tree<ArrayLike>,
): CheckedTolerances {
  const [relative, absolute] = [leavesOf("rtol", rtol, y0), leavesOf("atol", atol, y0)];
  const infinite = y0.arrays.map(({ shape }, leaf) => {
    const path = y0.structure.paths[leaf];
    const ofLeaf = path && ` of "${path}"`;
    const absolutes = elements("atol", absolute[leaf], shape, ofLeaf);
    elements("rtol", relative[leaf], shape, ofLeaf).forEach((each, i) => {
      checkPair(each, absolutes[i], ofLeaf);
    });
    return steers?.[leaf] === false || absolutes.every((each) => each === Number.POSITIVE_INFINITY);
  });
  if (!infinite.includes(false)) {
    throw new RangeError("solve: atol is infinite wherever the state steers; somewhere it must be finite");
  }
  return {
    rtol: typeof rtol === "number" ? rtol : Number.NaN,
    atol: typeof atol === "number" ? atol : Number.NaN,
    componentTolerances: {
      ...(typeof rtol !== "number" && { rtol: relative }),
      ...(typeof atol !== "number" && { atol: absolute }),
    },
  };
}

/** The smallest positive number in a tolerance; 0 if there is none. */
export function smallestTolerance(tolerance: Tree<ArrayLike>): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const leaf of flattenTree(tolerance, isArrayLike).leaves) {
    for (const value of array(leaf).data) if (value > 0) smallest = Math.min(smallest, value);
  }
  return Number.isFinite(smallest) ? smallest : 0;
}

function leavesOf(name: string, tolerance: Tree<ArrayLike>, { structure }: ArrayTree): NdArray[] {
  return leavesByName(tolerance, isArrayLike, structure, `solve: ${name}`).map((leaf, i) => {
    if (leaf !== undefined) return array(leaf);
    throw new TypeError(
      `solve: ${name} lacks the leaf "${structure.paths[i]}" of the state; name all, or give one number`,
    );
  });
}

/** The tolerance of each element of a leaf, by broadcasting. */
function elements(name: string, { shape, data }: NdArray, leaf: Shape, ofLeaf: string): Float64Array {
  const lead = leaf.length - shape.length;
  if (lead < 0 || shape.some((length, axis) => length !== 1 && length !== leaf[axis + lead])) {
    throw new RangeError(
      `solve: ${name}${ofLeaf} has shape ${shapeText(shape)}, which does not broadcast to the shape ` +
        `${shapeText(leaf)} of the state there`,
    );
  }
  const strides = stridesOf(leaf);
  const steps = broadcastStrides(shape, leaf);
  const place = (i: number): number =>
    leaf.reduce((sum, length, axis) => sum + (Math.floor(i / strides[axis]) % length) * steps[axis], 0);
  return Float64Array.from({ length: sizeOf(leaf) }, (_, i) => data[place(i)]);
}

function checkPair(rtol: number, atol: number, ofLeaf: string): void {
  check(`rtol${ofLeaf}`, rtol >= 0 && rtol < 1, "at least 0 and below 1", rtol);
  check(`atol${ofLeaf}`, atol >= 0, "at least 0", atol);
  check(`one of rtol and atol${ofLeaf}`, rtol > 0 || atol > 0, "positive", 0);
  const isEnough = atol > 0 || rtol >= smallestRelative;
  check(`rtol${ofLeaf}`, isEnough, `at least ${smallestRelative} where atol is 0`, rtol);
}

function check(what: string, holds: boolean, need: string, value: unknown): void {
  if (!holds) throw new RangeError(`solve: ${what} must be ${need}, got ${value}`);
}
