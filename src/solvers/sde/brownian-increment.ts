import type { Random } from "../../compiler/random.js";

/**
 * What is known of independent Wiener processes over an interval of length h: of each its increment w, and z, independent of
 * w and of variance h too. The mean of a process over the interval exceeds that of the straight line between its ends by
 * z / 2 sqrt 3 (space-time Lévy area: Foster, Lyons, Oberhauser, SIAM Journal on Numerical Analysis 58(3), 2020), so that
 * I(1,0) = h (w + z / sqrt 3) / 2.
 */
export interface BrownianIncrement {
  readonly from: number;
  readonly to: number;
  readonly w: Float64Array;
  readonly z: Float64Array;
}

const root3 = Math.sqrt(3);

/** An interval of which nothing was known. */
export function drawnIncrement(from: number, to: number, count: number, random: Random): BrownianIncrement {
  const deviation = Math.sqrt(to - from);
  const w = random.fillNormal(new Float64Array(count), deviation);
  const z = random.fillNormal(new Float64Array(count), deviation);
  return { from, to, w, z };
}

/** Two intervals, one after the other, as one. */
export function joined(first: BrownianIncrement, second: BrownianIncrement): BrownianIncrement {
  const [a, b] = [first.to - first.from, second.to - second.from];
  const w = new Float64Array(first.w.length);
  const z = new Float64Array(first.w.length);
  for (let i = 0; i < w.length; i++) {
    const [wa, wb] = [first.w[i], second.w[i]];
    w[i] = wa + wb;
    z[i] = (a * first.z[i] + b * second.z[i] + root3 * (b * wa - a * wb)) / (a + b);
  }
  return { from: first.from, to: second.to, w, z };
}

/**
 * An interval in two, between which the processes are drawn as they are distributed given what is known: a Brownian bridge
 * that keeps z too. What is joined again is what it was.
 */
export function split(
  whole: BrownianIncrement,
  at: number,
  random: Random,
): readonly [BrownianIncrement, BrownianIncrement] {
  const { from, to, w, z } = whole;
  const count = w.length;
  // the shorter part is drawn, the longer follows without loss of digits; seen backwards in time, z changes its sign
  const isForwards = at - from <= to - at;
  const sign = isForwards ? 1 : -1;
  const [a, b] = isForwards ? [at - from, to - at] : [to - at, at - from];
  const bridge = bridgeMoments(a, b);
  const first = random.fillNormal(new Float64Array(count));
  const second = random.fillNormal(new Float64Array(count));
  const drawn = { w: new Float64Array(count), z: new Float64Array(count) };
  const rest = { w: new Float64Array(count), z: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    const wholeZ = sign * z[i];
    const wa = bridge.wByW * w[i] + bridge.wByZ * wholeZ + bridge.wByFirst * first[i];
    const za = bridge.zByZ * wholeZ + bridge.zByFirst * first[i] + bridge.zBySecond * second[i];
    const wb = w[i] - wa;
    const zb = ((a + b) * wholeZ - a * za - root3 * (b * wa - a * wb)) / b;
    drawn.w[i] = wa;
    drawn.z[i] = sign * za;
    rest.w[i] = wb;
    rest.z[i] = sign * zb;
  }
  const [before, after] = isForwards ? [drawn, rest] : [rest, drawn];
  return [
    { from, to: at, ...before },
    { from: at, to, ...after },
  ];
}

/**
 * How w and z over the first part a of h = a + b come from those of the whole and two standard normal numbers. All are jointly
 * normal: means are linear, the covariance is constant. It follows from cov(w_a, w) = a, cov(w_a, z) = sqrt 3 a b / h,
 * cov(z_a, z) = a^2 / h, and z_a being independent of w.
 */
function bridgeMoments(a: number, b: number) {
  const h = a + b;
  const [q, p] = [a / h, b / h];
  const cubes = q ** 3 + p ** 3;
  return {
    wByW: q,
    wByZ: root3 * q * p,
    wByFirst: Math.sqrt(h * q * p * cubes),
    zByZ: q * q,
    zByFirst: -root3 * q * q * Math.sqrt((h * q * p) / cubes),
    zBySecond: Math.sqrt((h * q * p ** 3) / cubes),
  };
}
