import { type NdArray, ndArray } from "../../compiler/nd-array.js";

/** A step's polynomial on the host. */
export interface HostStep {
  readonly t: number;
  readonly h: number;
  readonly state: readonly NdArray[];
  readonly coefficients: readonly NdArray[];
}

/**
 * The state as a function of time, of what was kept of every step; at the end it is the end's state exactly.
 *
 * @returns a function that throws a RangeError for times that the solve did not pass
 */
export function hostDenseOutput(
  hosted: readonly HostStep[],
  end: { readonly t: number; readonly state: readonly NdArray[] },
): (time: number) => readonly NdArray[] {
  const direction = Math.sign(hosted[0]?.h ?? 1);
  const start = hosted[0]?.t ?? end.t;
  return (time) => {
    if (time === end.t) return end.state;
    if (!((time - start) * direction >= 0 && (end.t - time) * direction > 0)) {
      throw new RangeError(`solution.at: the solve went from ${start} to ${end.t}, asked for ${time}`);
    }
    return evaluate(stepAt(hosted, time, direction), time);
  };
}

/** The last step that starts at or before a time, by bisection. */
function stepAt(steps: readonly HostStep[], time: number, direction: number): HostStep {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((time - steps[middle].t) * direction >= 0) low = middle;
    else high = middle - 1;
  }
  return steps[low];
}

function evaluate({ t, h, state, coefficients }: HostStep, time: number): NdArray[] {
  const theta = (time - t) / h;
  const powers = coefficients.length / state.length;
  return state.map(({ shape, data }, leaf) => {
    const values = Float64Array.from(data, (value, i) => {
      let increment = 0;
      for (let power = powers - 1; power >= 0; power--) {
        increment = (increment + coefficients[power * state.length + leaf].data[i]) * theta;
      }
      return value + increment;
    });
    return ndArray(shape, values);
  });
}
