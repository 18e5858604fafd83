import type { SavedPoint } from "./step-records.js";

/** Where a step ended, and from where the solve goes on: the same time, the other side of a jump, or an event before it. */
export interface StepWay {
  readonly end: number;
  readonly from: number;
}

const none: readonly SavedPoint[] = [];

/** Goes through the times at which states are to be saved, in the order in which a solve passes them. */
export class SavePoints {
  private next = 0;

  constructor(private readonly times: readonly number[]) {}

  /** Numbers of the times that are the start itself. */
  atStart(t0: number): number[] {
    const found: number[] = [];
    while (this.times[this.next] === t0) found.push(this.next++);
    return found;
  }

  /** Whether a step from t passes one of the times before its end. */
  within(t: number, end: number): boolean {
    return this.next < this.times.length && (end - this.times[this.next]) * Math.sign(end - t) > 0;
  }

  /** The times that a step passes, as fractions of it. */
  passed(t: number, { end, from }: StepWay): readonly SavedPoint[] {
    if (this.next === this.times.length) return none;
    const direction = Math.sign(end - t);
    const found: SavedPoint[] = [];
    for (; (from - this.times[this.next]) * direction >= 0; this.next++) {
      const time = this.times[this.next];
      const before = (end - time) * direction > 0;
      found.push({ index: this.next, theta: before ? (time - t) / (end - t) : 1 });
    }
    return found;
  }
}
