import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { bosh3 } from "../../../src/solvers/tableaux/bosh3.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { neuralProblem } from "./neural-fields.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const problem = neuralProblem({
  paths: ["left", "right"],
  shapes: [[500], [20, 25]],
  hidden: 4,
  span: [0, 1],
  seed: 1,
});

describe.each(allTargets.map((target) => [targetText(target), target] as const))("on %s", (_, target) => {
  // tfjs runs operation by operation, hundreds of times slower than a program: one step of a cheap method there
  const [method, grid] = target.name === "tfjs" ? [bosh3, [1]] : [tsit5, [0.25, 0.5, 0.75, 1]];
  const ones = new Float64Array(grid.length).fill(1);
  const cotangents = method.stiffnessPair ? { error: ones, stiffness: ones } : { error: ones };

  it("200 solves and gradients leave memory as it was", () => {
    const memoryAfter = (solves: number) => {
      for (let i = 0; i < solves; i++) {
        const taped = solveVjp(problem, { method, target, precision: target.precision, grid });
        taped.pullback(cotangents);
        taped.dispose();
      }
      // the first collection finds what is unused, only the second has the memory of arrays back
      collectGarbage();
      collectGarbage();
      const { heapUsed, external, rss } = process.memoryUsage();
      return { tensors: tf.memory().numTensors, host: heapUsed + external, rss };
    };
    const moments = [20, 50, 50, 50, 50].map(memoryAfter);
    const leastGrowth = (of: (moment: ReturnType<typeof memoryAfter>) => number): number =>
      Math.min(...moments.slice(1).map((moment, i) => of(moment) - of(moments[i])));
    const [warm, later] = [moments[0], moments[moments.length - 1]];
    expect(later.tensors).toBe(warm.tensors);
    // tapes that were kept would be 200 times 4 steps of a state and a slope: 12 MB in doubles
    expect(later.host - warm.host).toBeLessThan(2 * 2 ** 20);
    // what a library allocates out of sight: an allocator grows by fits and starts, only a leak grows every time
    expect(leastGrowth(({ rss }) => rss)).toBeLessThan(2 * 2 ** 20);
  });
});
