/**
 * Probability that |T| < t for Student's t with a whole number of degrees of freedom.
 *
 * Takes the angle θ = arctan(t / √ν) in place of t. Abramowitz & Stegun (1964), equations 26.7.3 and 26.7.4: a
 * finite sum, exact but for rounding.
 */
function centralProbability(angle: number, degreesOfFreedom: number): number {
  const cosine = Math.cos(angle);
  const odd = degreesOfFreedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degreesOfFreedom - 2; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/**
 * The t for which |T| < t has the given probability, for Student's t distribution.
 *
 * @param probability Between 0 and 1, both excluded; 0.95 for a 95 % interval.
 * @param degreesOfFreedom A whole number, 1 or more.
 * @throws {RangeError} If an argument is out of its range.
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`studentTQuantile: probability must lie between 0 and 1, got ${probability}.`);
  }
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`studentTQuantile: degreesOfFreedom must be 1, 2, 3, ..., got ${degreesOfFreedom}.`);
  }
  let low = 0;
  let high = Math.PI / 2;
  // Bisection on the angle, to the last bit: each turn halves a bracket of about 1.6.
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degreesOfFreedom) < probability) low = middle;
    else high = middle;
  }
  return Math.sqrt(degreesOfFreedom) * Math.tan((low + high) / 2);
}
