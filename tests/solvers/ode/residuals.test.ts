import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import { sizeOf } from "../../../src/compiler/shape.js";
import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import type { Program, Target, Value } from "../../../src/compiler/targets/target.js";
import { solveValues } from "../../../src/solvers/ode/integrate-values.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { placeProblem } from "../../../src/solvers/ode/placed-problem.js";
import { checkedOptions, type SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { countingTarget } from "../../laws/counting-target.js";
import { normalArrays } from "../../laws/numbers.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { representativeMethods } from "../tableaux/methods.js";

const [w1, w2, y0] = normalArrays(
  [
    [4, 8],
    [8, 3],
    [5, 3],
  ],
  1,
);

/** A small network that sees time; its own field each time, and so its own programs. */
const network = () =>
  odeProblem({
    field: (t, y, p) => {
      const time = tf.mul(tf.ones([5, 1]), t);
      return tf.matMul(tf.tanh(tf.matMul(tf.concat([y, time], 1) as tf.Tensor2D, p.w1)), p.w2);
    },
    y0,
    params: { w1, w2 },
    span: [0, 1],
  });

/** Gradients of a loss on the end, on states on the way, on E and on S. */
function gradients(options: SolveOptions, problem = network()) {
  const { solution, pullback, dispose } = solveVjp(problem, { rtol: 1e-3, atol: 1e-3, ...options });
  try {
    const { accepted } = solution.stats;
    const [{ stiffness }] = solution.steps;
    return pullback({
      y1: y0,
      ys: options.saveAt && solution.ys,
      error: new Float64Array(accepted).fill(0.3),
      stiffness: Number.isNaN(stiffness) ? undefined : new Float64Array(accepted).fill(0.1),
    });
  } finally {
    dispose();
  }
}

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  it.each(representativeMethods.map((method) => [method.name, method] as const))(
    "keeping what the pullback needs of %s changes no gradient",
    (_, method) => {
      const { precision } = target;
      const tolerance = precision === "float64" ? 1e-9 : 1e-2;
      const grid = [0.2, 0.5, 0.6, 1];
      for (const saveAt of [undefined, [0, 0.3, 0.5, 1]]) {
        const options = { target, precision, method, grid, saveAt };
        const [kept, recomputed] = [undefined, 0].map((residualBytes) =>
          gradients({ ...options, residualBytes }),
        );
        const close = { relative: tolerance, absolute: tolerance };
        expect(kept.y0).toBeAllclose(recomputed.y0, close);
        expect(kept.params.w1).toBeAllclose(recomputed.params.w1, close);
        expect(kept.params.w2).toBeAllclose(recomputed.params.w2, close);
      }
    },
  );
});

/** A program whose methods need it: taken off it, they fail. */
class ProgramWithState implements Program {
  constructor(private readonly inner: Program) {}

  run(...read: Parameters<Program["run"]>): Value[] {
    return this.inner.run(...read);
  }

  dispose(): void {
    this.inner.dispose();
  }
}

/** A target that remembers what it compiled. */
function watched(): { target: Target; graphs: Graph[] } {
  const graphs: Graph[] = [];
  const compile: Target["compile"] = (graph) => {
    graphs.push(graph);
    return new ProgramWithState(javascriptTarget.compile(graph));
  };
  return { target: { ...javascriptTarget, compile }, graphs };
}
const namesResidual = (graph: Graph): boolean =>
  [...Object.keys(graph.outputs), ...graph.inputs.map(({ name }) => name)].some((name) =>
    name.startsWith("residual."),
  );

describe("residuals", () => {
  it("are computed where there is a tape and room, and nowhere else", () => {
    const [taped, without, untaped] = [watched(), watched(), watched()];
    gradients({ target: taped.target });
    gradients({ target: without.target, residualBytes: 0 });
    const placed = placeProblem(network(), { target: untaped.target });
    solveValues(placed.ode, placed.start, checkedOptions(network(), {})).release();
    placed.release();
    // the step and its pullback
    expect(taped.graphs.filter(namesResidual)).toHaveLength(2);
    expect(without.graphs.filter(namesResidual)).toHaveLength(0);
    expect(untaped.graphs.filter(namesResidual)).toHaveLength(0);
  });

  it("are kept from the first step on until the room is used up", () => {
    const problem = network();
    const kept = (residualBytes?: number) => {
      const { ode, start, release } = placeProblem(problem, {});
      const options = { ...checkedOptions(problem, { residualBytes, rtol: 1e-9 }), tape: true };
      const { tape, release: free } = solveValues(ode, start, options);
      const bytes = tape.map(
        ({ made, residuals }) =>
          residuals && made.slice(residuals.from).reduce((sum, { shape }) => sum + 8 * sizeOf(shape), 0),
      );
      free();
      release();
      return bytes;
    };
    const all = kept();
    const [perStep = 0] = all;
    expect(all.length).toBeGreaterThan(5);
    expect(perStep).toBeGreaterThan(0);
    expect(all).toEqual(all.map(() => perStep));
    expect(kept(3 * perStep)).toEqual(all.map((bytes, i) => (i < 3 ? bytes : undefined)));
    expect(kept(4 * perStep - 1)).toEqual(all.map((bytes, i) => (i < 3 ? bytes : undefined)));
    expect(kept(0)).toEqual(all.map(() => undefined));
  });

  it("of a part of the steps change no gradient, and are freed with the tape, rejected steps' at once", () => {
    const target = countingTarget();
    const problem = network();
    const options = { target, firstStep: 1, rtol: 1e-7, atol: 1e-7 };
    const whole = gradients(options, problem);
    const keptByPrograms = 3; // zeros of state and parameters
    expect(target.values).toBe(keptByPrograms);
    const part = gradients({ ...options, residualBytes: 1e4 }, problem);
    expect(target.values).toBe(keptByPrograms);
    expect(part.params.w1).toBeAllclose(whole.params.w1, { relative: 1e-9, absolute: 1e-9 });
    expect(part.y0).toBeAllclose(whole.y0, { relative: 1e-9, absolute: 1e-9 });
  });

  it("outlast a jump, after which the last slope is not the next step's first", () => {
    const target = countingTarget();
    const problem = network();
    const options = { target, jumpTimes: [0.31, 0.62], rtol: 1e-6, atol: 1e-6 };
    const [kept, recomputed] = [undefined, 0].map((residualBytes) =>
      gradients({ ...options, residualBytes }, problem),
    );
    expect(kept.params.w1).toBeAllclose(recomputed.params.w1, { relative: 1e-9, absolute: 1e-9 });
  });

  it("cannot take less than no room", () => {
    expect(() => gradients({ residualBytes: -1 })).toThrow("solve: residualBytes must be at least 0, got -1");
  });
});
