import { constant, type Instruction, operation } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";

type Unary = "abs" | "floor" | "nearest";
type Binary = "add" | "sub" | "mul" | "div" | "pmin" | "pmax";
type Comparison = "eq" | "ne" | "lt" | "gt" | "le" | "ge";

/**
 * The instructions of a context's format under short names, so that formulas can be read. Comparisons give masks: all
 * bits of a lane are ones where they hold.
 */
export class VectorArithmetic {
  readonly context: VectorContext;

  constructor(context: VectorContext) {
    this.context = context;
  }

  /** Computes a value once; what stands in several places must be bound. */
  bind(value: Instruction): Instruction {
    return this.context.bind(value);
  }

  /** A number in every lane. */
  number(value: number): Instruction {
    return this.context.splat(value);
  }

  add(a: Instruction, b: Instruction): Instruction {
    return this.#operation("add", a, b);
  }

  sub(a: Instruction, b: Instruction): Instruction {
    return this.#operation("sub", a, b);
  }

  mul(a: Instruction, b: Instruction): Instruction {
    return this.#operation("mul", a, b);
  }

  div(a: Instruction, b: Instruction): Instruction {
    return this.#operation("div", a, b);
  }

  /** a b + c, rounded once where the engine can. */
  multiplyAdd(a: Instruction, b: Instruction, c: Instruction): Instruction {
    const { fusedMultiplyAdd, format } = this.context;
    if (fusedMultiplyAdd) return operation(`${format.vector}.relaxed_madd`, a, b, c);
    return this.add(this.mul(a, b), c);
  }

  /** c - a b, rounded once where the engine can. */
  subtractProduct(c: Instruction, a: Instruction, b: Instruction): Instruction {
    const { fusedMultiplyAdd, format } = this.context;
    if (fusedMultiplyAdd) return operation(`${format.vector}.relaxed_nmadd`, a, b, c);
    return this.sub(c, this.mul(a, b));
  }

  abs(a: Instruction): Instruction {
    return this.#operation("abs", a);
  }

  /** -a. Not f64x2.neg: V8 13.6 computes it wrong in wide vectors, and makes its constant anew each time. */
  neg(a: Instruction): Instruction {
    return this.xor(a, this.number(-0));
  }

  floor(a: Instruction): Instruction {
    return this.#operation("floor", a);
  }

  nearest(a: Instruction): Instruction {
    return this.#operation("nearest", a);
  }

  /** The smaller of x and a bound; NaN where x is NaN. */
  atMost(x: Instruction, bound: Instruction): Instruction {
    return this.#operation("pmin", x, bound);
  }

  /** The larger of x and a bound; NaN where x is NaN. */
  atLeast(x: Instruction, bound: Instruction): Instruction {
    return this.#operation("pmax", x, bound);
  }

  /** x between two bounds; NaN where x is NaN. */
  clamp(x: Instruction, low: number, high: number): Instruction {
    return this.atLeast(this.atMost(x, this.number(high)), this.number(low));
  }

  compare(comparison: Comparison, a: Instruction, b: Instruction): Instruction {
    return this.#operation(comparison, a, b);
  }

  /** The lanes of `a` where the mask holds, of `b` elsewhere. */
  select(mask: Instruction, a: Instruction, b: Instruction): Instruction {
    return operation("v128.bitselect", a, b, mask);
  }

  and(a: Instruction, b: Instruction): Instruction {
    return operation("v128.and", a, b);
  }

  or(a: Instruction, b: Instruction): Instruction {
    return operation("v128.or", a, b);
  }

  xor(a: Instruction, b: Instruction): Instruction {
    return operation("v128.xor", a, b);
  }

  /** `a` where the mask does not hold, else 0. */
  unless(mask: Instruction, a: Instruction): Instruction {
    return operation("v128.andnot", a, mask);
  }

  /** The bit of the sign of x. */
  signOf(x: Instruction): Instruction {
    return this.and(x, this.number(-0));
  }

  /** A number without sign, given the sign of x. */
  withSignOf(x: Instruction, magnitude: Instruction): Instruction {
    return this.or(magnitude, this.signOf(x));
  }

  /** A sum of integers as wide as the numbers. */
  addIntegers(a: Instruction, b: Instruction): Instruction {
    return operation(`${this.context.format.integer}.add`, a, b);
  }

  shiftLeft(a: Instruction, bits: number): Instruction {
    return operation(`${this.context.format.integer}.shl`, a, constant("i32", bits));
  }

  shiftRight(a: Instruction, bits: number): Instruction {
    return operation(`${this.context.format.integer}.shr_u`, a, constant("i32", bits));
  }

  /** An integer, as wide as the numbers, in every lane. */
  integer(bits: bigint): Instruction {
    return this.context.splatBits(bits);
  }

  /**
   * A polynomial by its coefficients from the constant one up, given x and its square: the even and the odd powers are
   * two chains that the processor works on at the same time.
   */
  polynomial(coefficients: readonly number[], x: Instruction, square: Instruction): Instruction {
    const even = this.horner(
      coefficients.filter((_, power) => power % 2 === 0),
      square,
    );
    if (coefficients.length < 2) return even;
    const odd = this.horner(
      coefficients.filter((_, power) => power % 2 === 1),
      square,
    );
    return this.multiplyAdd(odd, x, even);
  }

  /** A polynomial by its coefficients from the constant one up, in one chain. */
  horner(coefficients: readonly number[], x: Instruction): Instruction {
    const [last, ...others] = coefficients.map((c) => this.number(c)).reverse();
    return others.reduce((sum, coefficient) => this.multiplyAdd(sum, x, coefficient), last);
  }

  /** A polynomial whose highest coefficient, not given, is 1. */
  monic(coefficients: readonly number[], x: Instruction): Instruction {
    const [next, ...others] = coefficients.map((c) => this.number(c)).reverse();
    return others.reduce((sum, coefficient) => this.multiplyAdd(sum, x, coefficient), this.add(x, next));
  }

  #operation(name: Unary | Binary | Comparison, ...operands: Instruction[]): Instruction {
    return operation(`${this.context.format.vector}.${name}`, ...operands);
  }
}
