import type { Random } from "../../compiler/random.js";
import { hoursPerRecord } from "./patient-records.js";

/** How the variance of a course is shared out; what is left changes smoothly. */
export interface VarianceShares {
  /** Share that is the same in all hours. */
  readonly constant: number;
  /** Share that is independent from hour to hour. */
  readonly noise: number;
}

/** Hours from one knot of a smooth course to the next, and width of the bump around each. */
const knotSpacing = 6;
const smoothing = smoothingWeights();
const knots = smoothing.length / hoursPerRecord;

/** A random course over the 49 hours that is standard normal in each of them. */
export function randomCourse({ constant, noise }: VarianceShares, random: Random): Float64Array {
  const normals = random.fillNormal(new Float64Array(1 + knots + hoursPerRecord));
  const level = Math.sqrt(constant) * normals[0];
  const smoothDeviation = Math.sqrt(1 - constant - noise);
  const noiseDeviation = Math.sqrt(noise);
  const course = new Float64Array(hoursPerRecord);
  for (let hour = 0; hour < hoursPerRecord; hour++) {
    let smooth = 0;
    for (let knot = 0; knot < knots; knot++) smooth += smoothing[hour * knots + knot] * normals[1 + knot];
    course[hour] = level + smoothDeviation * smooth + noiseDeviation * normals[1 + knots + hour];
  }
  return course;
}

/**
 * Weights [hours, knots] that make a smooth normal process of normal numbers at knots, by Gaussian bumps (D. Higdon, "Space
 * and space-time modeling using process convolutions", 2002), scaled to unit variance in each hour.
 */
function smoothingWeights(): Float64Array {
  const places: number[] = [];
  for (let at = -2 * knotSpacing; at <= hoursPerRecord + 2 * knotSpacing; at += knotSpacing) places.push(at);
  const rows = Array.from({ length: hoursPerRecord }, (_, hour) => {
    const bumps = places.map((place) => Math.exp(-(((hour - place) / knotSpacing) ** 2) / 2));
    const norm = Math.hypot(...bumps);
    return bumps.map((bump) => bump / norm);
  });
  return Float64Array.from(rows.flat());
}
