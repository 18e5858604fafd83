import type { Random } from "../../compiler/random.js";

/**
 * What is known of independent Wiener processes over an interval of length h: of each its increment w, of variance h, and
 * its area, the mean of the process over the interval less that of the straight line between its ends: independent of w, of
 * variance h / 12. (Space-time Lévy area: Foster, Lyons, Oberhauser, SIAM Journal on Numerical Analysis 58(3), 2020.)
 */
export interface BrownianIncrement {
  readonly from: number;
  readonly to: number;
  readonly w: Float64Array;
  readonly area: Float64Array;
}

/** An interval of which nothing was known. */
export function drawnIncrement(from: number, to: number, count: number, random: Random): BrownianIncrement {
  const scale = Math.sqrt(to - from);
  const w = random.fillNormal(new Float64Array(count), scale);
  const area = random.fillNormal(new Float64Array(count), scale / Math.sqrt(12));
  return { from, to, w, area };
}

/** Two intervals, one after the other, as one. */
export function joined(first: BrownianIncrement, second: BrownianIncrement): BrownianIncrement {
  const [a, b] = [first.to - first.from, second.to - second.from];
  const h = a + b;
  return {
    from: first.from,
    to: second.to,
    w: first.w.map((wa, i) => wa + second.w[i]),
    area: first.area.map(
      (areaA, i) => (a * areaA + b * second.area[i] + (b * first.w[i] - a * second.w[i]) / 2) / h,
    ),
  };
}

/**
 * An interval in two, between which the processes are drawn as they are distributed given what is known: a Brownian bridge
 * that hits the area too. What is joined again is what it was.
 */
export function split(
  whole: BrownianIncrement,
  at: number,
  random: Random,
): readonly [BrownianIncrement, BrownianIncrement] {
  const { from, to, w, area } = whole;
  // the shorter part is drawn, the longer follows without loss of digits; seen backwards in time, areas change sign
  const isForwards = at - from <= to - at;
  const sign = isForwards ? 1 : -1;
  const [a, b] = isForwards ? [at - from, to - at] : [to - at, at - from];
  const h = a + b;
  const bridge = bridgeMoments(a, b);
  const first = random.fillNormal(new Float64Array(w.length));
  const second = random.fillNormal(new Float64Array(w.length));
  const drawn = { w: new Float64Array(w.length), area: new Float64Array(w.length) };
  const rest = { w: new Float64Array(w.length), area: new Float64Array(w.length) };
  for (let i = 0; i < w.length; i++) {
    const wholeArea = sign * area[i];
    const wa = bridge.byIncrement * w[i] + bridge.byArea * wholeArea + bridge.deviation * first[i];
    const areaA =
      bridge.areaByArea * wholeArea + bridge.areaByFirst * first[i] + bridge.areaDeviation * second[i];
    const wb = w[i] - wa;
    drawn.w[i] = wa;
    drawn.area[i] = sign * areaA;
    rest.w[i] = wb;
    rest.area[i] = (sign * (h * wholeArea - a * areaA - (b * wa - a * wb) / 2)) / b;
  }
  const [before, after] = isForwards ? [drawn, rest] : [rest, drawn];
  return [
    { from, to: at, ...before },
    { from: at, to, ...after },
  ];
}

/**
 * Increment and area over the first part a of a + b, given those of the whole: jointly normal, so that their means are
 * linear and their covariance constant. It follows from cov(w_a, w) = a, cov(w_a, area) = a b / 2 h,
 * cov(area_a, area) = a^2 / 12 h, and area_a being independent of w.
 */
function bridgeMoments(a: number, b: number) {
  const h = a + b;
  const [q, p] = [a / h, b / h];
  const cubes = q ** 3 + p ** 3;
  return {
    byIncrement: q,
    byArea: 6 * q * p,
    deviation: Math.sqrt(h * q * p * cubes),
    areaByArea: q * q,
    areaByFirst: (-Math.sqrt(h * q * p) * q * q) / (2 * Math.sqrt(cubes)),
    areaDeviation: Math.sqrt((h * q * p ** 3) / (12 * cubes)),
  };
}
