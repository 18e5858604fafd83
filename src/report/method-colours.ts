import { compareMethods } from "./comparison.js";

/**
 * One colour a method, the same in every chart. The palette of Okabe and Ito (2008), "Color universal design", which
 * readers with any of the common colour-vision deficiencies can tell apart, for the methods that are compared most; its
 * black is grey here. A method with STEER is darker than without; the others are of P. Tol's muted scheme.
 */
const colours: Readonly<Record<string, string>> = {
  linear: "#767676",
  vanilla: "#0072b2",
  steer: "#003f63",
  taynode: "#e69f00",
  srnode: "#009e73",
  ernode: "#d55e00",
  srnsde: "#009e73",
  ernsde: "#d55e00",
  "steer+srnode": "#005a41",
  "steer+ernode": "#7d3700",
  "srnode+ernode": "#cc79a7",
  "local-biased": "#56b4e9",
  "local-unbiased": "#88ccee",
  kinetic: "#332288",
  jacobian: "#882255",
  l1: "#999933",
  l2: "#ddcc77",
};

/** For methods without a colour of their own, in the order of their names. */
const spareColours = ["#44aa99", "#aa4499", "#117733", "#cc6677"];

/** A Vega-Lite scale that gives each method its colour. */
export interface MethodScale {
  domain: string[];
  range: string[];
}

/** The colour scale of the methods that a chart shows, in their order of presentation. */
export function methodScale(methods: Iterable<string>): MethodScale {
  const domain = [...new Set(methods)].sort(compareMethods);
  const others = domain.filter((method) => !(method in colours));
  const range = domain.map(
    (method) => colours[method] ?? spareColours[others.indexOf(method) % spareColours.length],
  );
  return { domain, range };
}
