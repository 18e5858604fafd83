import { type Instruction, operation } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { orByHost } from "./host-function.js";
import { numberLayouts } from "./number-layout.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/**
 * Up to which argument vectors reach; pi / 2 in parts of so few digits that their products with a number of quarter turns
 * are exact (Cody and Waite, Software Manual for the Elementary Functions, 1980); and S, C in
 * sin r = r + r z S(z), cos r = 1 - z / 2 + z^2 C(z), z = r^2, for |r| <= pi / 4. Minimax fits of the relative error by
 * Remez exchange with 60 digits: 4e-18 and 6e-20; 4e-9 and 1.2e-10.
 */
const tables = {
  f32: {
    largest: 1e4,
    quarterTurn: [1.5703125, 0.0004837512969970703, 7.549533620476723e-8, 2.5633441515945189e-12],
    sine: [-0.16666655242443085, 0.008332188241183758, -0.0001951809535967186],
    cosine: [0.04166664555668831, -0.0013887309469282627, 2.4432327336398885e-5],
  },
  f64: {
    largest: 1e6,
    quarterTurn: [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21],
    sine: [
      -0.1666666666666663, 0.00833333333332184, -0.00019841269829358512, 2.755731353850222e-6,
      -2.505073438640549e-8, 1.5895433071572465e-10,
    ],
    cosine: [
      0.041666666666666595, -0.0013888888888873325, 2.4801587288983695e-5, -2.7557314210084445e-7,
      2.0875704272912905e-9, -1.1358683460693664e-11,
    ],
  },
} as const;

/** sin x, at most 2 eps off; above 1e6 (1e4 in float32) the host computes it. */
export function sin(context: VectorContext, x: Instruction): Instruction {
  return turned(context, x, "sin");
}

/** cos x, at most 2 eps off; above 1e6 (1e4 in float32) the host computes it. */
export function cos(context: VectorContext, x: Instruction): Instruction {
  return turned(context, x, "cos");
}

/** x = n pi / 2 + r: sines and cosines of r take turns with n, which for the cosine starts one later. */
function turned(context: VectorContext, x: Instruction, name: "sin" | "cos"): Instruction {
  const v = new VectorArithmetic(context);
  const argument = v.bind(x);
  const { scalar } = context.format;
  const offset = v.number(numberLayouts[scalar].roundingOffset);
  const shifted = v.bind(v.multiplyAdd(argument, v.number(2 / Math.PI), offset));
  const n = v.bind(v.sub(shifted, offset));
  const r = tables[scalar].quarterTurn.reduce(
    (rest, part) => v.bind(v.subtractProduct(rest, n, v.number(part))),
    argument,
  );
  const quarters = name === "cos" ? v.bind(v.addIntegers(shifted, v.integer(1n))) : shifted;
  const inside = quarter(v, r, quarters);
  const outside = v.compare("gt", v.abs(argument), v.number(tables[scalar].largest));
  return orByHost(context, outside, inside, name, [argument]);
}

/** sin(r), cos(r), -sin(r), -cos(r) by the two lowest bits of the number of quarter turns. */
function quarter(v: VectorArithmetic, r: Instruction, quarters: Instruction): Instruction {
  const { scalar, bytes, integer } = v.context.format;
  const { sine, cosine } = tables[scalar];
  const one = v.integer(1n);
  const z = v.bind(v.mul(r, r));
  const square = v.bind(v.mul(z, z));
  const sinR = v.withSignOf(r, v.multiplyAdd(v.mul(r, z), v.polynomial(sine, z, square), r)); // -0 too
  // 1 - z / 2 loses digits, which are added again: fdlibm's k_cos.c (Sun Microsystems, 1993)
  const half = v.bind(v.mul(z, v.number(0.5)));
  const main = v.bind(v.sub(v.number(1), half));
  const lost = v.sub(v.sub(v.number(1), main), half);
  const cosR = v.add(main, v.multiplyAdd(square, v.polynomial(cosine, z, square), lost));
  const isOdd = operation(`${integer}.eq`, v.and(quarters, one), one);
  const sign = v.shiftLeft(v.and(quarters, v.integer(2n)), 8 * bytes - 2);
  return v.xor(v.select(isOdd, cosR, sinR), sign);
}
