import { type Instruction, operation } from "../assembler/instruction.js";
import type { VectorContext } from "../vector-context.js";
import { inDoubles } from "./doubles.js";
import { orByHost } from "./host-function.js";
import { VectorArithmetic } from "./vector-arithmetic.js";

/** Up to which quotient and operands vectors reach: products with one half of the divisor's digits are exact there. */
const largestQuotient = 2 ** 23;
const largestOperand = 2 ** 1000;

/** The bits of a double without the lower half of its digits. */
const upperDigits = 0xffff_ffff_f800_0000n;

/** a - b floor(a / b) without its rounding: the remainder that has the divisor's sign. A remainder 0 has a's sign. */
export function mod(context: VectorContext, a: Instruction, b: Instruction): Instruction {
  return context.format.scalar === "f32"
    ? inDoubles(context, [a, b], modOfDoubles)
    : modOfDoubles(context, a, b);
}

function modOfDoubles(context: VectorContext, a: Instruction, b: Instruction): Instruction {
  const v = new VectorArithmetic(context);
  const [dividend, divisor] = [v.bind(a), v.bind(b)];
  const quotient = v.bind(v.nearest(v.div(dividend, divisor)));
  const rest = v.bind(exactRest(v, dividend, quotient, divisor));
  const isZero = v.compare("eq", rest, v.number(0));
  const hasOtherSign = v.compare("lt", v.xor(v.signOf(v.xor(rest, divisor)), v.number(1)), v.number(0));
  const withSign = v.add(rest, v.and(hasOtherSign, divisor));
  const inside = v.select(isZero, v.signOf(dividend), withSign);
  const isWithin = v.and(
    v.compare("le", v.abs(quotient), v.number(largestQuotient)),
    v.and(
      v.compare("le", v.abs(dividend), v.number(largestOperand)),
      v.compare("le", v.abs(divisor), v.number(largestOperand)),
    ),
  );
  return orByHost(context, operation("v128.not", isWithin), inside, "mod", [dividend, divisor]);
}

/** a - q b without any rounding, q being the integer nearest to a / b: b is split in two. */
function exactRest(v: VectorArithmetic, a: Instruction, q: Instruction, b: Instruction): Instruction {
  const upper = v.bind(v.and(b, v.integer(upperDigits)));
  const lower = v.sub(b, upper);
  return v.subtractProduct(v.subtractProduct(a, q, upper), q, lower);
}
