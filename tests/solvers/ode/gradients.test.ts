import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { proportionalIntegralController } from "../../../src/solvers/ode/controllers.js";
import { arrayTree } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { representativeMethods } from "../tableaux/methods.js";
import { expectGradient, randomCotangents, saveTimes } from "./gradient-law.js";
import { neuralFields, neuralProblem } from "./neural-fields.js";

describe.each([...representativeMethods, rosenbrock23])("the gradient of a solve by $name", (method) => {
  const options: SolveOptions = {
    method,
    rtol: 1e-3,
    atol: 1e-4,
    firstStep: 0.4,
    controller: proportionalIntegralController,
    target: "javascript",
  };

  it("is the derivative of a loss of the end, saved states, error and stiffness at frozen steps", () => {
    let rejected = 0;
    fc.assert(
      fc.property(neuralFields, fc.nat(), (network, directionSeed) => {
        const { stats } = expectGradient(neuralProblem(network), options, new Random(directionSeed));
        rejected += stats.rejected;
      }),
      { numRuns: 30, maxSkipsPerRun: 0.25 },
    );
    expect(rejected, "rejected steps among the cases").toBeGreaterThan(0);
  });

  it("comes under the names and in the shapes of the problem", () => {
    fc.assert(
      fc.property(neuralFields, (network) => {
        const problem = neuralProblem(network);
        const taped = solveVjp(problem, { ...options, saveAt: [] });
        const { y0, params } = taped.pullback(randomCotangents(new Random(0), problem, taped.solution));
        taped.dispose();
        for (const [gradient, tree] of [
          [y0, problem.y0],
          [params, problem.params],
        ] as const) {
          const { structure, arrays } = arrayTree(gradient);
          expect(structure).toEqual(tree.structure);
          expect(arrays.map(({ shape }) => shape)).toEqual(tree.arrays.map(({ shape }) => shape));
        }
      }),
      { numRuns: 10 },
    );
  });

  it("is the same every time it is asked for, and that of a replay on the recorded steps", () => {
    fc.assert(
      fc.property(neuralFields, fc.nat(), (network, cotangentSeed) => {
        const problem = neuralProblem(network);
        const saveAt = saveTimes(new Random(cotangentSeed), problem.span);
        const taped = solveVjp(problem, { ...options, saveAt });
        const replay = solveVjp(problem, {
          ...options,
          saveAt,
          grid: [...taped.solution.stepTimes.slice(1)],
        });
        const cotangents = randomCotangents(new Random(cotangentSeed), problem, taped.solution);
        const [first, second, replayed] = [taped, taped, replay].map((each) => each.pullback(cotangents));
        taped.dispose();
        replay.dispose();
        expect(second).toEqual(first);
        expect(replayed).toEqual(first);
      }),
      { numRuns: 10 },
    );
  });
});
