import type { RationalFunction } from "../../operations/error-function.js";
import type { ModelWriter, TensorType } from "./model.js";

/** Names of tensors in a formula: an operand is one, or a number. */
type Operand = string | number;

/** A short way to write formulas with ONNX operators. */
export class Formulas {
  constructor(
    private readonly model: ModelWriter,
    /** The type of the numbers in formulas. */
    private readonly type: TensorType,
  ) {}

  /** The result of an operator. */
  readonly f = (operator: string, ...operands: readonly Operand[]): string => {
    const named = (operand: Operand): string =>
      typeof operand === "number" ? this.model.constant([], this.type, [operand]) : operand;
    return this.model.operator(operator, operands.map(named));
  };

  /** A polynomial by its coefficients from the constant one up (Horner's scheme). */
  polynomial(coefficients: readonly number[], x: string): string {
    const [last, ...others] = [...coefficients].reverse();
    const start = this.f("Add", this.f("Mul", x, last), others[0]);
    return others
      .slice(1)
      .reduce((sum, coefficient) => this.f("Add", this.f("Mul", sum, x), coefficient), start);
  }

  /** A quotient of polynomials. */
  quotient({ numerator, denominator }: RationalFunction, x: string): string {
    return this.f("Div", this.polynomial(numerator, x), this.polynomial(denominator, x));
  }
}
