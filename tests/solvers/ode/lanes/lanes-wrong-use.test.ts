import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { autoSwitch } from "../../../../src/solvers/ode/auto-switch.js";
import { solveLanes } from "../../../../src/solvers/ode/lanes/solve-lanes.js";
import { solveLanesVjp } from "../../../../src/solvers/ode/lanes/solve-lanes-vjp.js";
import { odeProblem } from "../../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../../src/solvers/ode/rosenbrock23.js";
import { tsit5 } from "../../../../src/solvers/tableaux/tsit5.js";

const decay = odeProblem({
  field: (_, y) => tf.neg(y),
  y0: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  span: [0, 1],
});
const named = (y0: object) => odeProblem({ field: (_, y) => y as never, y0: y0 as never, span: [0, 1] });
const pullback = (cotangents: unknown) => () => {
  const taped = solveLanesVjp(decay, { firstStep: 0.1 });
  try {
    taped.pullback(cotangents as never);
  } finally {
    taped.dispose();
  }
};

const wrongUses: readonly (readonly [string, () => unknown, string])[] = [
  [
    "a state without rows",
    () => solveLanes(odeProblem({ field: (_, y) => y, y0: 1, span: [0, 1] })),
    "solveLanes: each leaf of y0 needs one row for each lane; (the value itself) has shape []",
  ],
  [
    "no rows at all",
    () => solveLanes(odeProblem({ field: (_, y) => y, y0: [], span: [0, 1] })),
    "solveLanes: each leaf of y0 needs one row for each lane; (the value itself) has shape [0]",
  ],
  [
    "leaves of different rows",
    () => solveLanes(named({ a: [[1], [2]], b: [1, 2, 3] })),
    'solveLanes: each leaf of y0 needs one row for each lane; "b" has shape [3], "a" has 2 rows',
  ],
  [
    "methods that switch",
    () => solveLanes(decay, { method: autoSwitch(tsit5, rosenbrock23) }),
    "solveLanes: lanes step by one method all together and cannot switch by autoSwitch(tsit5, rosenbrock23); take one of its methods",
  ],
  [
    "events",
    () => solveLanes(decay, { events: [] } as never),
    "solveLanes: events are not looked for in lanes; solve such samples one by one",
  ],
  [
    "times for other lanes than there are",
    () => solveLanes(decay, { saveAt: [[0.5], [1]] }),
    "solveLanes: saveAt has lists of times for 2 lanes; y0 has 3 rows, and each needs one",
  ],
  [
    "times in disorder, of one lane",
    () => solveLanes(decay, { saveAt: [[0.5], [1], [1, 0.5]] }),
    "solve: saveAt[1] must be not before the time before it, on the way from 0 to 1, got 0.5",
  ],
  [
    "tolerances of more than one sample",
    () => solveLanes(decay, { atol: [[1], [2], [3]] }),
    "solve: atol has shape [3,1], which does not broadcast to the shape [1,2] of the state there",
  ],
  [
    "a field that looks its state up by its state",
    () => {
      const field = (_: tf.Tensor, y: tf.Tensor) => tf.add(tf.gather(y, tf.argMax(y, 1), 1), y);
      return solveLanes(
        odeProblem({
          field: field as never,
          y0: [
            [1, 2],
            [3, 4],
          ],
          span: [0, 1],
        }),
      );
    },
    "lanes: values of a lane are looked up or added up by indices of its own",
  ],
  [
    "cotangents of other lanes than there are",
    pullback([{}]),
    "pullback: needs one entry of cotangents for each of 3 lanes, got 1",
  ],
  [
    "cotangents of other steps than there were",
    pullback([{}, { error: new Float64Array(99) }, {}]),
    "pullback: the cotangents of lane 1's error need one number per accepted step,",
  ],
  [
    "cotangents of another shape",
    pullback([{ y1: [[1, 2]] }, {}, {}]),
    "the cotangent of y1 has shape [1,2] for the state (the value itself) of shape [2]",
  ],
];

describe("lanes refuse", () => {
  it.each(wrongUses)("%s", (_name, use, sentence) => {
    expect(use).toThrow(sentence);
    // and the next solve is none the worse for it
    expect(solveLanes(decay).code).toBe("success");
  });
});
