import type { Observation } from "./parse-record.js";
import { hoursPerRecord } from "./patient-records.js";
import { patientVariables } from "./patient-variables.js";

/** The observed cells of one record's grid of 49 hours and 37 series. */
export interface HourlyMeans {
  readonly id: number;
  /** `37 hour + feature` of each observed cell, ascending. */
  readonly cells: Uint16Array;
  /** The mean of each cell's observations, in the feature's unit. */
  readonly means: Float64Array;
}

const features = patientVariables.length;

/** Averages the observations of each series within each hour: hour h holds what is nearest to it, half hours going to the even one. */
export function hourlyMeans(id: number, observations: readonly Observation[]): HourlyMeans {
  const means = new Float64Array(hoursPerRecord * features).fill(Number.NaN);
  const counts = new Uint16Array(means.length);
  for (const { minute, feature, value } of observations) {
    const cell = nearestHour(minute) * features + feature;
    const count = ++counts[cell];
    means[cell] = count === 1 ? value : means[cell] + (value - means[cell]) / count;
  }
  return observedMeans(id, means);
}

/** Keeps what is observed of a record's whole grid `[49, 37]`, in which NaN stands for unobserved. */
export function observedMeans(id: number, grid: Float64Array): HourlyMeans {
  const isObserved = (value: number): boolean => !Number.isNaN(value);
  const means = grid.filter(isObserved);
  const cells = new Uint16Array(means.length);
  for (let cell = 0, next = 0; cell < grid.length; cell++) if (isObserved(grid[cell])) cells[next++] = cell;
  return { id, cells, means };
}

/** Rounds half to even, as the Python of Rubanova et al. does: 00:30 is in hour 0 and 01:30 in hour 2. */
export function nearestHour(minute: number): number {
  const below = Math.floor(minute / 60);
  const past = minute - 60 * below;
  if (past === 30) return below + (below % 2);
  return past < 30 ? below : below + 1;
}
