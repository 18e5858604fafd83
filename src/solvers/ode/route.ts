import type { Precision } from "../../compiler/targets/target.js";

/** A remainder of the way within this fraction of a step is made part of it, so that no tiny last step is left. */
const stretch = 1e-10;

/** Distance from 1 to the next number of each precision. */
const epsilons: Record<Precision, number> = { float32: 2 ** -23, float64: 2 ** -52 };

/** The way of a solve through time: to its end, with a halt before every time at which the field jumps. */
export class Route {
  private readonly direction: number;
  private readonly jumps: number[];
  /** Half the width of a jump: the field is never asked so near to one that rounding could take it for the other side. */
  private readonly margin: number;
  /** Nothing beside the whole way. */
  private readonly negligible: number;

  constructor(
    private readonly span: readonly [number, number],
    jumpTimes: readonly number[],
    precision: Precision,
  ) {
    const [t0, t1] = span;
    this.direction = Math.sign(t1 - t0);
    this.margin = 4 * epsilons[precision] * Math.max(Math.abs(t0), Math.abs(t1));
    this.negligible = 2 ** -100 * Math.abs(t1 - t0);
    this.jumps = jumpTimes
      .filter((time) => this.isBefore(t0, time) && this.isBefore(time, t1))
      .sort((a, b) => this.direction * (a - b));
  }

  /** The end of a step of size h, which is the next halt exactly if that is reached. */
  endOfStep(t: number, h: number): number {
    const { halt } = this;
    const left = Math.abs(halt - t);
    return Math.abs(h) >= left - Math.max(stretch * left, this.resolution(t)) ? halt : t + h;
  }

  /** The smallest step that still moves time; near time 0, one that is as nothing beside the whole way. */
  resolution(t: number): number {
    return Math.max(4 * Number.EPSILON * Math.abs(t), this.negligible);
  }

  /** Where a solve goes on that has come to the end of a step: there, or on the other side of a jump. */
  goOn(end: number): number {
    if (this.jumps.length === 0 || end !== this.halt) return end;
    const jump = this.jumps.shift() as number;
    return jump + this.direction * this.margin;
  }

  /** The end of the way, or just before the next jump. */
  private get halt(): number {
    return this.jumps.length > 0 ? this.jumps[0] - this.direction * this.margin : this.span[1];
  }

  private isBefore(time: number, other: number): boolean {
    return (other - time) * this.direction > this.margin;
  }
}
