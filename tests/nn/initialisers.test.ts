import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/compiler/random.js";
import { glorotUniform } from "../../src/nn/initialisers.js";
import { anySeed } from "../laws/numbers.js";

const width = fc.integer({ min: 1, max: 40 });

describe("Glorot's uniform initialisation", () => {
  it("stays within sqrt(6 / (inputs + outputs)) and fills that interval evenly", () => {
    fc.assert(
      fc.property(width, width, anySeed, (inputs, outputs, seed) => {
        const limit = Math.sqrt(6 / (inputs + outputs));
        const { shape, data } = glorotUniform([inputs, outputs], new Random(seed));
        expect(shape).toEqual([inputs, outputs]);
        expect(data.every((value) => Math.abs(value) <= limit)).toBe(true);
        // mean and mean square of a uniform number, within five of their standard errors
        const mean = [...data].reduce((sum, value) => sum + value / limit, 0) / data.length;
        const square = [...data].reduce((sum, value) => sum + (value / limit) ** 2, 0) / data.length;
        expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 3 / data.length));
        expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / data.length));
      }),
    );
  });
});
