import { compareMethods } from "./comparison.js";

/**
 * One colour a method, the same in every chart. The palette of Okabe and Ito (2008), "Color universal design", which
 * readers with any of the common colour-vision deficiencies can tell apart; its black is grey here.
 */
const colours: Readonly<Record<string, string>> = {
  linear: "#767676",
  vanilla: "#0072b2",
  ernode: "#d55e00",
};

/** For methods without a colour of their own, in the order of their names. */
const spareColours = ["#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

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
