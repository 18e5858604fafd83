import type { Node } from "../../graph/node.js";
import { apply } from "../../operations/elementwise.js";
import type { Formulas } from "../../operations/formulas.js";
import { type KernelRules, realFunction } from "./kernel-rule.js";

/** Circular and hyperbolic functions and their inverses, written so that nothing cancels. */
export const trigonometricKernels: KernelRules = {
  Sin: realFunction((f, x) => f("sin", x)),
  Cos: realFunction((f, x) => f("cos", x)),
  Tan: realFunction((f, x) => f("div", f("sin", x), f("cos", x))),
  Asin: realFunction((f, x) => f("atan2", x, f("sqrt", f("mul", f("sub", 1, x), f("add", x, 1))))),
  Acos: realFunction((f, x) => f("atan2", f("sqrt", f("mul", f("sub", 1, x), f("add", x, 1))), x)),
  Atan: realFunction((f, x) => f("atan2", x, 1)),
  Atan2: (builder, { a, b }) => apply(builder, "atan2", a, b),
  Sinh: realFunction((f, x) => f("mul", f("sub", f("expm1", x), f("expm1", f("neg", x))), 0.5)),
  Cosh: realFunction((f, x) => f("mul", f("add", f("exp", x), f("exp", f("neg", x))), 0.5)),
  Tanh: realFunction((f, x) => f("tanh", x)),
  // log(a + sqrt(a^2 + 1)) for a = |x|; the choice by sign, other than |x|, has a derivative at 0
  Asinh: realFunction((f, x) => {
    const negative = f("less", x, 0);
    const a = f("select", negative, f("neg", x), x);
    const y = withoutOverflow(f, a, (b) => {
      const square = f("square", b);
      const excess = f("div", square, f("add", f("sqrt", f("add", square, 1)), 1));
      return f("log1p", f("add", b, excess));
    });
    return f("select", negative, f("neg", y), y);
  }),
  // log(x + sqrt(x^2 - 1)), by u = x - 1
  Acosh: realFunction((f, x) =>
    withoutOverflow(f, x, (b) => {
      const u = f("sub", b, 1);
      return f("log1p", f("add", u, f("mul", f("sqrt", u), f("sqrt", f("add", b, 1)))));
    }),
  ),
  Atanh: realFunction((f, x) => f("mul", f("sub", f("log1p", x), f("log1p", f("neg", x))), 0.5)),
};

/** Above this number, whose square no precision overflows at, the inverse hyperbolic functions are log(2 x) to all digits. */
const large = 1e9;

/** A function that grows by log(x / large) from `large` on, from its formula up to there. */
function withoutOverflow(f: Formulas, x: Node, formula: (x: Node) => Node): Node {
  const beyond = f("log", f("maximum", f("mul", x, 1 / large), 1));
  return f("add", formula(f("minimum", x, large)), beyond);
}
