import { describe, expect, it } from "vitest";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { ValueScope } from "../../src/compiler/targets/value-scope.js";
import { isResultRow } from "../../src/experiments/result-row.js";
import { spiralOdePresets } from "../../src/experiments/spiral-ode/presets.js";
import { runSpiralOde } from "../../src/experiments/spiral-ode/run.js";
import { spiralStart, trueSpiral } from "../../src/experiments/spiral-ode/spiral.js";
import { spiralModel } from "../../src/experiments/spiral-ode/spiral-model.js";
import { spiralOde } from "../../src/experiments/spiral-ode/spiral-ode.js";
import type { SpiralOdeRow } from "../../src/experiments/spiral-ode/spiral-ode-row.js";
import { trajectoryFit } from "../../src/experiments/spiral-ode/trajectory-fit.js";

const smoke = { preset: "smoke", seed: 1 } as const;
const repeatable = ({ timing, provenance, ...metrics }: SpiralOdeRow) => metrics;

describe("the true spiral", () => {
  it("loses u1^4 + u2^4 at the rate of its equation, -0.4 (u1^6 + u2^6)", () => {
    const { times, states } = trueSpiral([0, 1.5], 3001);
    const at = (i: number) => [states.data[2 * i], states.data[2 * i + 1]];
    const powerSum = (i: number, power: number) => at(i).reduce((sum, u) => sum + u ** power, 0);
    for (let i = 1; i < times.length - 1; i += 97) {
      const slope = (powerSum(i + 1, 4) - powerSum(i - 1, 4)) / (times[i + 1] - times[i - 1]);
      expect(slope).toBeAllclose(-0.4 * powerSum(i, 6), { relative: 1e-4 });
    }
    expect(at(0)).toEqual([2, 0]);
  });
});

describe("the fit of a trajectory", () => {
  it("has the gradient that differences of its loss have", () => {
    const { times, states } = trueSpiral([0, 0.5], 6);
    const model = spiralModel(3, { rtol: 1e-10, atol: 1e-10, target: "wasm", saveAt: times });
    const fit = trajectoryFit(model, spiralStart, states);
    const scope = new ValueScope(model.target);
    const put = (params: Readonly<Record<string, NdArray>>) =>
      Object.fromEntries(
        Object.entries(params).map(([name, array]) => [name, scope.own([model.target.put(array)])[0]]),
      );
    const params = fit.initialise(new Random(3));
    const value = fit.value(put(params));
    const lossWith = (name: string, i: number, change: number): number => {
      const data = Float64Array.from(params[name].data);
      data[i] += change;
      const moved = fit.value(put({ ...params, [name]: { ...params[name], data } }));
      moved.release();
      return moved.loss;
    };
    const differentiated = fit.value(put(params), {
      differentiate: true,
      regularizers: [],
      progress: 0,
      random: new Random(0),
    });
    const gradients = differentiated.gradients(Object.keys(params));
    for (const [name, gradient] of Object.entries(gradients)) {
      const { data } = model.target.get(scope.own([gradient])[0]);
      const difference = (lossWith(name, 0, 1e-5) - lossWith(name, 0, -1e-5)) / 2e-5;
      expect(data[0]).toBeAllclose(difference, { relative: 1e-5, absolute: 1e-5 });
    }
    for (const each of [value, differentiated]) each.release();
    scope.release();
    fit.dispose();
    model.dispose();
  });
});

describe("a run of spiral-ode", () => {
  it("learns, and gives a complete row of plain data that repeats", async () => {
    const row = await runSpiralOde({ ...smoke, method: "srnode+ernode" });
    expect(isResultRow(row)).toBe(true);
    expect(row).toMatchObject(spiralOde.identity({ ...smoke, method: "srnode+ernode" }));
    expect(row.loss).toBeLessThan(0.9 * row.curve[0].loss);
    const { points, span } = spiralOdePresets.smoke;
    expect([row.trajectory.t.length, row.trajectory.u.length]).toEqual([points, points]);
    expect(row.trajectory.u[0]).toEqual([2, 0]);
    expect(row.steps.t).toHaveLength(row.accepted);
    expect(row.steps.h.reduce((sum, h) => sum + h, 0)).toBeAllclose(span[1] - span[0], { relative: 1e-4 });
    // 2 at the start and 6 a step
    expect(row.nfe).toBe(2 + 6 * (row.accepted + row.rejected));
    expect(JSON.parse(JSON.stringify(repeatable(row)))).toEqual(repeatable(row));
    const again = await runSpiralOde({ ...smoke, method: "srnode+ernode" });
    expect(repeatable(again)).toEqual(repeatable(row));
  });

  it.each(spiralOde.methods)(
    "by %s begins with the same loss and differs only by what is added",
    async (method) => {
      const options = { ...smoke, method: method as "vanilla", epochs: 3 };
      const [row, vanilla] = [
        await runSpiralOde(options),
        await runSpiralOde({ ...options, method: "vanilla" }),
      ];
      expect(row.curve[0].loss).toBe(vanilla.curve[0].loss);
      const isSame = row.loss === vanilla.loss;
      expect(isSame).toBe(method === "vanilla");
      expect(row.weight > 0).toBe(row.curve.some(({ penalty }) => penalty > 0));
    },
  );

  it("in single precision is another configuration, near in what it gives", async () => {
    const single = await runSpiralOde({ ...smoke, method: "vanilla", precision: "float32" });
    const double = await runSpiralOde({ ...smoke, method: "vanilla" });
    expect(single.configuration).not.toBe(double.configuration);
    expect(single.loss).toBeAllclose(double.loss, { relative: 0.01 });
  });
});
