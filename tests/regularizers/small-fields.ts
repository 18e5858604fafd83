import fc from "fast-check";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { dense } from "../../src/nn/dense.js";
import type { Layer } from "../../src/nn/layer.js";
import { sequential } from "../../src/nn/sequential.js";
import { normalArrays } from "../laws/numbers.js";
import { affine, appended } from "../nn/layers.js";

/** Parameters by the names that a layer gives them. */
export type Params = Readonly<Record<string, NdArray>>;

/** A field with numbers for everything it reads, and the same field written out. */
export interface SmallField {
  readonly layer: Layer;
  readonly params: Params;
  /** Initial state, [batch, features]. */
  readonly inputs: NdArray;
  /** dy/dt on the host. */
  slope(t: number, y: NdArray, params?: Params): NdArray;
}

interface Sizes {
  readonly batch: number;
  readonly features: number;
  readonly hidden: number;
}

interface FieldKind {
  layer(sizes: Sizes): Layer;
  slope(t: number, y: NdArray, params: Params): NdArray;
}

/** The fields on which penalties are tested. */
const kinds: Readonly<Record<string, FieldKind>> = {
  "a dense layer": {
    layer: ({ features }) => dense({ inputs: features, outputs: features, activation: "tanh" }),
    slope: (_, y, { weight, bias }) => affine(y, weight, bias, Math.tanh),
  },
  "a dense layer of state and time": {
    layer: ({ features }) => dense({ inputs: features, outputs: features, activation: "tanh", time: true }),
    slope: (t, y, { weight, bias }) => affine(appended(y, t), weight, bias, Math.tanh),
  },
  "two layers": {
    layer: ({ features, hidden }) =>
      sequential({
        first: dense({ inputs: features, outputs: hidden, activation: "tanh", time: true }),
        second: dense({ inputs: hidden, outputs: features }),
      }),
    slope: (t, y, params) => {
      const inner = affine(appended(y, t), params["first.weight"], params["first.bias"], Math.tanh);
      return affine(inner, params["second.weight"], params["second.bias"], (x) => x);
    },
  },
};

/** Their names. */
export const fieldNames = Object.keys(kinds);

/** One of the fields, of any small size, with any numbers. */
export function smallFields(name: string): fc.Arbitrary<SmallField> {
  const { layer: make, slope } = kinds[name];
  const size = fc.integer({ min: 1, max: 3 });
  return fc
    .record({ batch: size, features: size, hidden: size, seed: fc.nat() })
    .map(({ seed, ...sizes }) => {
      const layer = make(sizes);
      const shapes = [[sizes.batch, sizes.features], ...Object.values(layer.params)];
      const [inputs, ...arrays] = normalArrays(shapes, seed);
      const params = Object.fromEntries(Object.keys(layer.params).map((key, i) => [key, arrays[i]]));
      return { layer, params, inputs, slope: (t, y, given = params) => slope(t, y, given) };
    });
}
