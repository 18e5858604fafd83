import { type NdArray, ndArray, stacked } from "../../compiler/nd-array.js";
import type { Random } from "../../compiler/random.js";
import { type Shape, sizeOf } from "../../compiler/shape.js";
import { buildTree, type TreeStructure } from "../../compiler/tree.js";
import type { ArraysOf } from "../ode/ode-problem.js";
import { type BrownianIncrement, drawnIncrement, joined, split } from "./brownian-increment.js";

/** The Wiener processes of a state: one for each of its elements. */
export interface PathLayout {
  readonly structure: TreeStructure;
  readonly shapes: readonly Shape[];
}

/** Increments over an interval, leaf by leaf. */
export interface NoiseArrays {
  readonly dW: readonly NdArray[];
  readonly dZ: readonly NdArray[];
}

/**
 * A path of the Wiener processes of a state, found out where it is asked for: whatever was seen of it remains as it was, and
 * what lies between is drawn as it is distributed given that. So steps that are rejected and taken again in parts do not
 * change the path, nor its distribution (rejection sampling with memory, RSwM3: Rackauckas, Nie, Discrete and Continuous
 * Dynamical Systems B 22(7), 2017, 2731-2761; here with the area under the path too), and a coarse and a fine solve can go
 * along the same path. The same random stream gives the same path as long as the same times are asked for in the same order.
 */
export class BrownianPath<Y = unknown> {
  private readonly count: number;
  private known: BrownianIncrement[];
  private begin: number;

  /**
   * @param start - time at which the path is 0
   * @param given - what is known of the path from then on; it then ends where that ends
   */
  constructor(
    readonly layout: PathLayout,
    start: number,
    private readonly random: Random,
    private readonly given?: readonly BrownianIncrement[],
  ) {
    this.count = layout.shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
    this.known = [...(given ?? [])];
    this.begin = start;
  }

  /** Times at which the path is known, in order; those that were forgotten left out. */
  get times(): Float64Array {
    return Float64Array.from([this.begin, ...this.known.map(({ to }) => to)]);
  }

  /** The path at those times, each array of the state with a leading axis; 0 at the first. */
  values(): ArraysOf<Y> {
    const { structure, shapes } = this.layout;
    let position = new Float64Array(this.count);
    const positions = [position];
    for (const { w } of this.known) {
      position = position.map((value, i) => value + w[i]);
      positions.push(position);
    }
    const byTime = positions.map((each) => this.leaves(each));
    const arrays = shapes.map((shape, leaf) =>
      stacked(
        shape,
        byTime.map((leaves) => leaves[leaf]),
      ),
    );
    return buildTree(structure, arrays) as ArraysOf<Y>;
  }

  /**
   * Finds out where the path is at more times.
   *
   * @throws RangeError for times before the path's start, or beyond the end of a given one.
   */
  refine(times: readonly number[]): void {
    for (const time of times) this.cut(time);
  }

  /**
   * The increments dW over an interval, and dZ, of which I(1,0) = h (dW + dZ / sqrt 3) / 2.
   *
   * @throws RangeError for times in the wrong order, before the path's start, or beyond the end of a given one.
   */
  increment(from: number, to: number): NoiseArrays {
    if (!(from < to)) {
      throw new RangeError(
        `an increment of a Brownian path is from a time to a later one, got ${from} and ${to}`,
      );
    }
    const first = this.cut(from);
    const last = this.cut(to);
    const { w, z } = last === first + 1 ? this.known[first] : this.known.slice(first, last).reduce(joined);
    return { dW: this.leaves(w), dZ: this.leaves(z) };
  }

  /** Lets go of what lies before a time, which is 0 on the path from now on. */
  forgetBefore(time: number): void {
    this.known.splice(0, this.cut(time));
    this.begin = time;
  }

  /** Makes sure that an interval starts, or the last one ends, at a time; returns which. */
  private cut(time: number): number {
    const end = this.known[this.known.length - 1]?.to ?? this.begin;
    if (time >= this.begin && time === end) return this.known.length;
    if (!(time >= this.begin) || (time > end && this.given)) {
      const range = this.given ? `from ${this.begin} to ${end}` : `from ${this.begin} on`;
      throw new RangeError(`the Brownian path is there ${range}, it cannot be asked for at ${time}`);
    }
    if (time > end) return this.known.push(drawnIncrement(end, time, this.count, this.random));
    const index = this.indexAt(time);
    if (this.known[index].from === time) return index;
    this.known.splice(index, 1, ...split(this.known[index], time, this.random));
    return index + 1;
  }

  /** The interval in which, or at whose start, a time lies. */
  private indexAt(time: number): number {
    let [low, high] = [0, this.known.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.known[middle].from <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private leaves(data: Float64Array): NdArray[] {
    const { shapes } = this.layout;
    if (shapes.length === 1) return [{ shape: shapes[0], data }];
    let from = 0;
    return shapes.map((shape) => {
      const to = from + sizeOf(shape);
      const leaf = ndArray(shape, data.subarray(from, to));
      from = to;
      return leaf;
    });
  }
}
