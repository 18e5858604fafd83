import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndArray, zeros } from "../../src/compiler/nd-array.js";
import { Random } from "../../src/compiler/random.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import { wasmTarget } from "../../src/compiler/targets/wasm/wasm-target.js";
import { type SdeBlockOptions, sdeBlock } from "../../src/models/sde-block.js";
import { sdeSignature } from "../../src/models/sde-signature.js";
import { SolveError } from "../../src/models/solve-error.js";
import { constant } from "../../src/nn/schedules.js";
import { errorPenalty } from "../../src/regularizers/error-penalty.js";
import { kineticPenalty } from "../../src/regularizers/kinetic-penalty.js";
import { l2Penalty } from "../../src/regularizers/l2-penalty.js";
import { localErrorPenalty } from "../../src/regularizers/local-error-penalty.js";
import type { Regularizer } from "../../src/regularizers/regularizer.js";
import { steer } from "../../src/regularizers/steer.js";
import { stiffnessPenalty } from "../../src/regularizers/stiffness-penalty.js";
import { solve } from "../../src/solvers/ode/solve.js";
import { BrownianPath } from "../../src/solvers/sde/brownian-path.js";
import { eulerMaruyama } from "../../src/solvers/sde/euler-maruyama.js";
import { brownianPath, layoutOf } from "../../src/solvers/sde/noise-paths.js";
import type { SdeProblem } from "../../src/solvers/sde/sde-problem.js";
import { solveSde } from "../../src/solvers/sde/solve-sde.js";
import { sosri } from "../../src/solvers/sde/tableaux/sosri.js";
import { sosri2 } from "../../src/solvers/sde/tableaux/sosri2.js";
import { countingTarget } from "../laws/counting-target.js";
import { derivativeAtZero } from "../laws/directional-derivative.js";
import { innerProducts, movedAlong, randomDirection } from "../laws/directions.js";
import type { Arrays } from "../regularizers/penalised-block.js";
import { PenalisedNoise, type SmallNoise, smallNoise } from "./penalised-noise.js";

const weight = constant(2);
const saveAt = [0, 0.15, 0.15, 0.62, 1];
const onSteps: readonly Regularizer[] = [
  errorPenalty({ weight }),
  stiffnessPenalty({ weight, reduction: "mean" }),
];
const everything: readonly Regularizer[] = [
  ...onSteps,
  l2Penalty({ weight }),
  localErrorPenalty({ weight, time: "biased" }),
  localErrorPenalty({ weight, time: "unbiased" }),
];

/** A small neural SDE as a problem of its own. */
function problemOf(
  noise: SmallNoise,
  span: readonly [number, number],
  y0: NdArray,
): SdeProblem<NdArray, Arrays> {
  const { drift, diffusion } = sdeSignature(noise, y0.shape);
  return {
    drift: drift.field,
    diffusion: diffusion.field,
    y0: { structure: drift.state, arrays: [y0] },
    params: { structure: drift.params, arrays: drift.params.paths.map((path) => noise.params[path]) },
    span,
    noise: "diagonal",
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe.each([sosri, sosri2])("an SDE block by $name", (method) => {
  it("solves along the path of the context's stream", () => {
    fc.assert(
      fc.property(smallNoise, fc.nat(), (small, seed) => {
        const random = new Random(seed);
        const block = new PenalisedNoise(small, { method, saveAt });
        const { written, steps, stats } = block.pass([], { random });
        block.dispose();
        const problem = problemOf(small, [0, 1], small.inputs);
        const path = new BrownianPath<NdArray>(layoutOf(problem), 0, random.split("noise"));
        const options = { method, saveAt, path, rtol: 0.1, atol: 0.1, target: "javascript" } as const;
        const solution = solveSde(problem, options);
        expect(steps).toEqual(solution.steps);
        expect(stats).toEqual(solution.stats);
        expect(written).toEqual({ final: solution.y1, saved: solution.ys });
      }),
      { numRuns: 5 },
    );
  });

  it("pulls back what is said of its states and of the penalties, at frozen steps and noise", () => {
    fc.assert(
      fc.property(smallNoise, fc.nat(), (small, seed) => {
        const block = new PenalisedNoise(small, { method, saveAt });
        const regularizers = [...onSteps, l2Penalty({ weight })];
        const random = new Random(seed);
        block.freeze(block.pass(regularizers, { random }).steps, 1);
        const { written } = block.pass(regularizers, { random });
        const cotangents = randomDirection(written, seed + 1);
        const { gradients } = block.pass(regularizers, { random, cotangents });
        const direction = randomDirection(gradients, seed + 2);
        const { value, uncertainty } = derivativeAtZero((distance) => {
          const arrays = movedAlong(block.arrays, direction, distance);
          const pass = block.pass(regularizers, { random, arrays });
          return pass.penalty + sum(innerProducts(cotangents, pass.written));
        });
        block.dispose();
        const products = innerProducts(gradients, direction);
        const scale = Math.max(...products.map(Math.abs));
        fc.pre(uncertainty < 2e-7 * scale);
        expect(sum(products)).toBeAllclose(value, { relative: 0, absolute: 1e-6 * scale });
      }),
      { numRuns: 6 },
    );
  });

  it("goes along the same path on wasm", () => {
    const target = wasmTarget({ precision: "float64" });
    fc.assert(
      fc.property(smallNoise, fc.nat(), (small, seed) => {
        const random = new Random(seed);
        const cotangents = { final: small.inputs };
        const [expected, actual] = [javascriptTarget, target].map((on) => {
          const block = new PenalisedNoise(small, { method, target: on });
          const pass = block.pass(everything, { random, cotangents });
          block.dispose();
          return pass;
        });
        expect(actual.stats).toEqual(expected.stats);
        expect(actual.penalty).toBeAllclose(expected.penalty, { relative: 1e-9 });
        expect(actual.written.final).toBeAllclose(expected.written.final, { relative: 1e-9, absolute: 1e-9 });
        for (const [name, gradient] of Object.entries(expected.gradients)) {
          const largest = Math.max(...gradient.data.map(Math.abs), 1);
          expect(actual.gradients[name]).toBeAllclose(gradient, { relative: 0, absolute: 1e-8 * largest });
        }
      }),
      { numRuns: 4 },
    );
  });

  it("solves the ordinary equation where the diffusion is zero, whatever the noise", () => {
    fc.assert(
      fc.property(smallNoise, (noisy) => {
        const silent = Object.entries(noisy.params).map(([name, array]) =>
          name.startsWith("diffusion") ? ([name, zeros(array.shape)] as const) : ([name, array] as const),
        );
        const small = { ...noisy, params: Object.fromEntries(silent) };
        const block = new PenalisedNoise(small, { method, tolerance: 1e-2 });
        const [one, other] = [1, 2].map((seed) => block.pass([], { random: new Random(seed) }).written.final);
        block.dispose();
        expect(other).toEqual(one);
        const { drift, ...problem } = problemOf(small, [0, 1], small.inputs);
        const exact = solve<NdArray, Arrays>({ ...problem, field: drift }, { target: "javascript" }).y1;
        expect(one).toBeAllclose(exact, { relative: 1e-2, absolute: 1e-2 });
      }),
      { numRuns: 3 },
    );
  });

  it("leaves nothing behind, with every regularizer and with one that throws", () => {
    const [small] = fc.sample(smallNoise, { numRuns: 1, seed: 1 });
    const target = countingTarget();
    const block = new PenalisedNoise(small, { method, saveAt, target });
    const thrower = (): never => {
      throw new Error("it is broken");
    };
    const broken: readonly Regularizer[] = [
      { name: "broken", weight, steps: thrower },
      { name: "broken", weight, parameters: thrower },
      { name: "broken", weight, localStepAt: thrower },
      { name: "broken", horizon: thrower },
    ];
    const kept = [1, 2, 3].map(() => {
      for (const regularizers of [everything, [], [steer({ width: 0.5 }), ...everything]]) {
        block.pass(regularizers);
        block.penalty(regularizers, block.arrays);
      }
      return target.values;
    });
    expect(new Set(kept).size).toBe(1);
    for (const regularizer of broken) {
      expect(() => block.pass([...everything, regularizer])).toThrow("it is broken");
    }
    block.dispose();
    expect([target.values, target.programs]).toEqual([0, 0]);
  });
});

describe("the local error penalty of an SDE block", () => {
  const tolerances = { rtol: 0.1, atol: 0.1, target: "javascript" } as const;

  it("is h E of one step of sosri from the state there, of the automatic size and along noise of its own", () => {
    fc.assert(
      fc.property(smallNoise, fc.nat(), fc.constantFrom(0, 0.37, 0.9), (small, seed, t) => {
        const block = new PenalisedNoise(small, { method: sosri2, saveAt: [t] });
        const random = new Random(seed);
        const regularizer = localErrorPenalty({ weight, time: () => t });
        const { penalty, written, gradients } = block.pass([regularizer], { random });
        block.dispose();
        const state = ndArray(small.inputs.shape, written.saved.data);
        const rest = problemOf(small, [t, 1], state);
        const h = Math.min(solveSde(rest, tolerances).steps[0].h, 1 - t);
        const noise = new BrownianPath(layoutOf(rest), t, random.split("local 0").split("noise"));
        const { dW, dZ } = noise.increment(t, t + h);
        const stacked = ([{ shape, data }]: readonly NdArray[]) => ndArray([1, ...shape], data);
        const given = { times: [t, t + h], dW: stacked(dW), dZ: stacked(dZ) };
        const stepOf = (params: Arrays): number => {
          const { structure } = rest.params;
          const arrays = structure.paths.map((path) => params[path]);
          const problem = { ...rest, span: [t, t + h] as const, params: { structure, arrays } };
          const path = brownianPath(problem, { noise: given });
          return solveSde(problem, { ...tolerances, path, grid: [t + h] }).steps[0].error;
        };
        expect(penalty).toBeAllclose(weight(0) * h * stepOf(small.params), { relative: 1e-9 });
        expect(gradients.inputs.data.every((value) => value === 0)).toBe(true);
        const direction = randomDirection(small.params, seed);
        const { value, uncertainty } = derivativeAtZero((distance) =>
          stepOf(movedAlong(small.params, direction, distance)),
        );
        const products = innerProducts(direction, gradients);
        const scale = Math.max(...products.map(Math.abs));
        fc.pre(weight(0) * h * uncertainty < 2e-7 * scale);
        const expected = weight(0) * h * value;
        expect(sum(products)).toBeAllclose(expected, { relative: 0, absolute: 1e-6 * scale });
      }),
      { numRuns: 6 },
    );
  });
});

describe("a wrong use of an SDE block", () => {
  const [small] = fc.sample(smallNoise, { numRuns: 1, seed: 1 });
  const names = { state: "inputs", params: Object.keys(small.params), result: "final" };
  const options = { ...small, shape: small.inputs.shape, span: [0, 1] as const, names };

  it("is refused when the block is made", () => {
    const target = countingTarget();
    const make = (wrong: Partial<SdeBlockOptions>) => () => sdeBlock({ ...options, ...wrong }, target);
    expect(make({ saveAt })).toThrow("sdeBlock: saveAt was given without names.saved");
    expect(make({ span: [1, 0] })).toThrow("span must be two finite times, the later one second, got [1, 0]");
    expect(make({ method: eulerMaruyama })).toThrow("eulerMaruyama has no error estimate");
    expect([target.values, target.programs]).toEqual([0, 0]);
  });

  it("is refused in a forward pass: an integrand, and a limit of steps that does not suffice", () => {
    const block = new PenalisedNoise(small);
    expect(() => block.pass([kineticPenalty({ weight })])).toThrow(
      'the regularizer "kinetic" integrates along the solution of an ordinary equation',
    );
    block.dispose();
    const short = new PenalisedNoise(small, { maxSteps: 2 });
    expect(() => short.pass([])).toThrow(SolveError);
    expect(() => short.pass([])).toThrow("the limit of 2 steps was reached");
    short.dispose();
  });
});
