import { describe, expect, it } from "vitest";
import { type NdArray, ndArray } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { ValueScope } from "../../src/compiler/targets/value-scope.js";
import { isResultRow } from "../../src/experiments/result-row.js";
import { spiralSdeConfiguration } from "../../src/experiments/spiral-sde/configuration.js";
import { momentFit } from "../../src/experiments/spiral-sde/moment-fit.js";
import { momentsOf } from "../../src/experiments/spiral-sde/moments.js";
import { spiralSdePresets } from "../../src/experiments/spiral-sde/presets.js";
import { runSpiralSde } from "../../src/experiments/spiral-sde/run.js";
import { spiralSde } from "../../src/experiments/spiral-sde/spiral-sde.js";
import { spiralSdeModel } from "../../src/experiments/spiral-sde/spiral-sde-model.js";
import type { SpiralSdeRow } from "../../src/experiments/spiral-sde/spiral-sde-row.js";
import { stochasticSpiral } from "../../src/experiments/spiral-sde/stochastic-spiral.js";
import type { ForwardContext } from "../../src/models/block.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";

const smoke = { preset: "smoke", seed: 1 } as const;
const repeatable = ({ timing, provenance, ...metrics }: SpiralSdeRow) => metrics;

describe("moments", () => {
  it("are those of each component over the paths", () => {
    const states = ndArray([2, 3, 2], Float64Array.of(1, 4, 2, 4, 6, 4, 0, 1, 0, 2, 0, 3));
    const { means, variances } = momentsOf([0, 1], states);
    expect(means.data).toBeAllclose([3, 4, 0, 2], { relative: 1e-15 });
    expect(variances.data).toBeAllclose([7, 0, 0, 1], { relative: 1e-15, absolute: 1e-15 });
  });
});

describe("the data", () => {
  const options = { span: [0, 1], points: 6, paths: 1500 } as const;

  it("are the same at every simulation, and others with another seed", () => {
    const data = stochasticSpiral(options);
    expect(stochasticSpiral(options)).toEqual(data);
    expect(stochasticSpiral({ ...options, seed: 1 }).means.data).not.toEqual(data.means.data);
  });

  it("have the moments of a simulation by hand, with other noise", () => {
    const data = stochasticSpiral(options);
    const states = simulatedByHand(options, 500);
    const { means, variances } = momentsOf([], states);
    const squares = squaredDeviations(states, means);
    // of sums over as many paths on both sides
    const error = (variance: number): number => 4.5 * Math.sqrt((2 * variance) / options.paths);
    const spreads = momentsOf([], squares).variances.data;
    variances.data.forEach((variance, i) => {
      expect(Math.abs(data.means.data[i] - means.data[i])).toBeLessThan(error(variance) + 0.005);
      expect(Math.abs(data.variances.data[i] - variance)).toBeLessThan(error(spreads[i]) + 0.005);
    });
  });
});

/** Paths of the spiral one after the other: of each step the noise exactly, then the drift by Runge's midpoint method. */
function simulatedByHand(
  { span: [start, end], points, paths }: { span: readonly [number, number]; points: number; paths: number },
  steps: number,
): NdArray {
  const random = new Random(77);
  const h = (end - start) / steps;
  const factor = (): number => Math.exp(0.2 * Math.sqrt(h) * random.normal() - 0.02 * h);
  const drift = (x: number, y: number) => [-0.1 * x ** 3 - 2 * y ** 3, 2 * x ** 3 - 0.1 * y ** 3];
  const states = new Float64Array(points * paths * 2);
  for (let path = 0; path < paths; path++) {
    let [x, y] = [2, 0];
    for (let step = 0; step <= steps; step++) {
      const place = (step * (points - 1)) / steps;
      if (Number.isInteger(place)) states.set([x, y], 2 * (place * paths + path));
      [x, y] = [x * factor(), y * factor()];
      const [dx, dy] = drift(x, y);
      const [mx, my] = drift(x + (dx * h) / 2, y + (dy * h) / 2);
      [x, y] = [x + mx * h, y + my * h];
    }
  }
  return ndArray([points, paths, 2], states);
}

/** From the mean of each time and component. */
function squaredDeviations({ shape, data }: NdArray, means: NdArray): NdArray {
  const [, paths] = shape;
  const mean = (i: number): number => means.data[2 * Math.floor(i / (2 * paths)) + (i % 2)];
  return ndArray(
    shape,
    Float64Array.from(data, (value, i) => (value - mean(i)) ** 2),
  );
}

describe("the fit of moments", () => {
  const data = stochasticSpiral({ span: [0, 0.4], points: 5, paths: 200 });
  const [paths, hidden] = [6, 3];
  const solver = { hidden, precision: "float64", target: "wasm", tolerance: 0.5, solver: "sosri2" } as const;
  const context: ForwardContext = {
    differentiate: true,
    regularizers: [
      errorPenalty({ weight: constant(0.2), reduction: "sum" }),
      stiffnessPenalty({ weight: constant(0.1), reduction: "mean" }),
    ],
    progress: 0,
    random: new Random(5),
  };
  const modelOn = (grid?: readonly number[]) =>
    spiralSdeModel({ ...solver, span: [0, 0.4], saveAt: data.times, grid });

  /** Loss with penalties and its gradients, all along one path of the noise, by steps of its own or given ones. */
  function fitOn(grid?: readonly number[]) {
    const model = modelOn(grid);
    const fit = momentFit(model, data, paths);
    const names = Object.keys(model.params);
    const pass = (params: Readonly<Record<string, NdArray>>) => {
      const scope = new ValueScope(model.target);
      const values = scope.own(names.map((name) => model.target.put(params[name])));
      const value = fit.value(Object.fromEntries(names.map((name, i) => [name, values[i]])), context);
      const gradients = Object.entries(value.gradients(names)).map(([name, gradient]) => {
        return [name, Float64Array.from(model.target.get(scope.own([gradient])[0]).data)] as const;
      });
      const steps = value.runs.flatMap(({ solve }) => solve?.steps ?? []);
      value.release();
      scope.release();
      return { total: value.loss + value.penalty, penalty: value.penalty, gradients, steps };
    };
    const dispose = (): void => {
      fit.dispose();
      model.dispose();
    };
    return { params: model.initialise(new Random(3)), pass, dispose };
  }

  it("has the gradient that differences have at its steps and noise, penalties on E and S included", () => {
    const adaptive = fitOn();
    const { params } = adaptive;
    const free = adaptive.pass(params);
    expect(free.penalty).toBeGreaterThan(1e-3);
    expect(free.steps.every(({ accepted }) => accepted)).toBe(true);
    const frozen = fitOn([...free.steps.slice(1).map(({ t }) => t), 0.4]);
    const { total, gradients } = frozen.pass(params);
    expect(total).toBe(free.total);
    expect(gradients).toEqual(free.gradients);
    for (const [name, gradient] of gradients) {
      const totalWith = (change: number): number => {
        const moved = Float64Array.from(params[name].data);
        moved[0] += change;
        return frozen.pass({ ...params, [name]: { ...params[name], data: moved } }).total;
      };
      const difference = (totalWith(1e-5) - totalWith(-1e-5)) / 2e-5;
      expect(gradient[0]).toBeAllclose(difference, { relative: 1e-5, absolute: 1e-6 });
    }
    for (const each of [adaptive, frozen]) each.dispose();
  });

  it("has for its loss the mean of squared differences of means and of variances", () => {
    const model = modelOn();
    const fit = momentFit(model, data, paths);
    const scope = new ValueScope(model.target);
    const params = model.initialise(new Random(3));
    const values = Object.fromEntries(
      Object.entries(params).map(([name, array]) => [name, scope.own([model.target.put(array)])[0]]),
    );
    const value = fit.value(values, { ...context, differentiate: false, regularizers: [] });
    const { means, variances } = momentsOf(data.times, model.target.get(value.values.output));
    const meanSquare = (a: NdArray, b: NdArray): number =>
      Array.from(a.data, (each, i) => (each - b.data[i]) ** 2).reduce((sum, each) => sum + each) /
      a.data.length;
    const byHand = meanSquare(means, data.means) + meanSquare(variances, data.variances);
    expect(value.loss).toBeAllclose(byHand, { relative: 1e-12 });
    value.release();
    scope.release();
    fit.dispose();
    model.dispose();
  });
});

describe("a run of spiral-sde", () => {
  it("learns, and gives a complete row of plain data that repeats", async () => {
    const row = await runSpiralSde({ ...smoke, method: "ernsde" });
    expect(isResultRow(row)).toBe(true);
    expect(row).toMatchObject(spiralSde.identity({ ...smoke, method: "ernsde" }));
    expect(row.loss).toBeLessThan(0.5 * row.curve[0].loss);
    const { points } = spiralSdePresets.smoke;
    const { times, data, moments, paths } = row;
    const series = [data.means, data.variances, moments.means, moments.variances, ...paths];
    expect([times, ...series].map(({ length }) => length)).toEqual(Array(10).fill(points));
    expect(moments.means[0]).toBeAllclose([2, 0], { absolute: 1e-12 });
    expect(moments.variances[0]).toBeAllclose([0, 0], { absolute: 1e-12 });
    expect(paths.map(([start]) => start)).toEqual(Array(5).fill([2, 0]));
    // 2 at the start and 4 a step
    expect(row.nfe).toBeAllclose(2 + 4 * (row.accepted + row.rejected), { relative: 1e-12 });
    expect(JSON.parse(JSON.stringify(repeatable(row)))).toEqual(repeatable(row));
    expect(repeatable(await runSpiralSde({ ...smoke, method: "ernsde" }))).toEqual(repeatable(row));
  });

  it("by any method begins with the same loss and differs only by what is added", async () => {
    const runs = spiralSde.methods.map((method) =>
      runSpiralSde({ ...smoke, method: method as "vanilla", epochs: 3 }),
    );
    const rows = await Promise.all(runs);
    expect(new Set(rows.map(({ curve }) => curve[0].loss)).size).toBe(1);
    expect(new Set(rows.map(({ loss }) => loss)).size).toBe(rows.length);
    for (const { method, weight, curve } of rows) {
      const isPenalised = curve.some(({ penalty }) => penalty > 0);
      expect([isPenalised, weight > 0]).toEqual(Array(2).fill(method !== "vanilla"));
    }
  });

  it("is by the solver that estimates the stiffness where that is penalised", () => {
    const solverOf = (method: "vanilla" | "srnsde") =>
      spiralSdeConfiguration({ preset: "published", seed: 1, method }).solver;
    expect([solverOf("vanilla"), solverOf("srnsde")]).toEqual(["sosri", "sosri2"]);
  });

  it("in single precision is another configuration, near in what it gives", async () => {
    const single = await runSpiralSde({ ...smoke, method: "vanilla", precision: "float32" });
    const double = await runSpiralSde({ ...smoke, method: "vanilla" });
    expect(single.configuration).not.toBe(double.configuration);
    expect(single.loss).toBeAllclose(double.loss, { relative: 0.05 });
  });
});
