import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stacked } from "../../src/compiler/nd-array.js";
import { stackedValues } from "../../src/compiler/targets/stacked-values.js";
import { anySeed, anyShape, normalArrays } from "../laws/numbers.js";
import { allTargets, targetText } from "../laws/programs.js";

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  it("values are stacked as the arrays are that they are copied to", () => {
    fc.assert(
      fc.property(anyShape(), fc.nat(4), anySeed, (shape, count, seed) => {
        const arrays = normalArrays(new Array(count).fill(shape), seed);
        const values = arrays.map((array) => target.put(array));
        const together = stackedValues(target, shape, values);
        const copies = values.map((value) => target.get(value));
        expect(together.shape).toEqual([count, ...shape]);
        expect(Array.from(together.data)).toEqual(Array.from(stacked(shape, copies).data));
        if (count > 0) expect(together.data.constructor).toBe(copies[0].data.constructor);
        for (const value of values) target.free(value);
      }),
      { numRuns: 20 },
    );
  });
});
