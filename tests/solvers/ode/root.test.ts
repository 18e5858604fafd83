import fc from "fast-check";
import { expect, it } from "vitest";
import { signChange } from "../../../src/solvers/ode/root.js";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Functions with one change of sign, at a given root: smooth, flat there, steep there, and with a jump. */
const shapes: readonly ((distance: number) => number)[] = [
  (x) => x,
  (x) => x ** 3,
  (x) => x ** 9,
  (x) => Math.expm1(20 * x),
  (x) => Math.cbrt(x),
  (x) => Math.sign(x) || 1,
  (x) => x * (2 + Math.sin(50 * x)),
];

it("finds a change of sign within the tolerance, on its far side, never much slower than by bisection", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...shapes),
      between(0.001, 0.999),
      fc.constantFrom(1, -1),
      fc.constantFrom(1e-3, 1e-9, 1e-15),
      (shape, root, sign, tolerance) => {
        let calls = 0;
        const f = (x: number) => {
          calls++;
          return sign * shape(x - root);
        };
        const [from, to] = [0, 1].map((x) => ({ x, value: sign * shape(x - root) }));
        const found = signChange(f, from, to, tolerance);
        expect(found).toBeGreaterThanOrEqual(root);
        expect(found - root).toBeLessThanOrEqual(Math.max(tolerance, 2 ** -53));
        expect(calls).toBeLessThanOrEqual(Math.ceil(Math.log2(1 / tolerance)) + 2);
      },
    ),
  );
});

it("is much faster than bisection where the function is smooth", () => {
  fc.assert(
    fc.property(between(0.1, 0.9), between(-0.5, 0.5), (root, bend) => {
      let calls = 0;
      const value = (x: number) => (x - root) * (1 + bend * x);
      const f = (x: number) => {
        calls++;
        return value(x);
      };
      const [from, to] = [0, 1].map((x) => ({ x, value: value(x) }));
      expect(signChange(f, from, to, 1e-14)).toBeAllclose(root, { relative: 1e-13 });
      // bisection would take 47
      expect(calls).toBeLessThan(13);
    }),
  );
});
