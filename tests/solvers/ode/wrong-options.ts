import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import { tfjsTarget } from "../../../src/compiler/targets/tfjs/tfjs-target.js";
import { autoSwitch } from "../../../src/solvers/ode/auto-switch.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { bosh3 } from "../../../src/solvers/tableaux/bosh3.js";
import { dopri5 } from "../../../src/solvers/tableaux/dopri5.js";
import { rk4 } from "../../../src/solvers/tableaux/rk4.js";
import { tableau } from "../../../src/solvers/tableaux/tableau.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";
import { decay, options, type WrongUse, type WrongUses } from "./wrong-use.js";

const named = (given: object): WrongUse => {
  const problem = odeProblem({ field: (_, y) => y, y0: { a: [1, 2], b: 3 }, span: [0, 1] });
  return (run) => run(problem as never, given as SolveOptions);
};

/** Options that are wrong. */
export const wrongOptions: WrongUses = [
  // tolerances and limits
  ["a negative rtol", options({ rtol: -1 }), "solve: rtol must be at least 0 and below 1, got -1"],
  ["an rtol of 1", options({ rtol: 1 }), "solve: rtol must be at least 0 and below 1, got 1"],
  ["an rtol of NaN", options({ rtol: Number.NaN }), "solve: rtol must be at least 0 and below 1, got NaN"],
  ["a negative atol", options({ atol: -1e-9 }), "solve: atol must be a finite number, at least 0, got -1e-9"],
  [
    "an atol of NaN for one component",
    options({ atol: [1e-6, Number.NaN] }),
    "solve: atol must be at least 0, got NaN",
  ],
  [
    "a negative rtol for one component",
    options({ rtol: [1e-6, -1] }),
    "solve: rtol must be at least 0 and below 1, got -1",
  ],
  [
    "a component without tolerance",
    options({ rtol: [1e-6, 0], atol: [0, 0] }),
    "solve: one of rtol and atol must be positive, got 0",
  ],
  [
    "tolerances of too many components",
    options({ atol: [1, 2, 3] }),
    "solve: atol has shape [3], which does not broadcast to the shape [2] of the state there",
  ],
  [
    "tolerances of too many axes",
    options({ atol: [[1, 2]] }),
    "solve: atol has shape [1,2], which does not broadcast to the shape [2] of the state there",
  ],
  [
    "tolerances of leaves that are not there",
    options({ rtol: { a: 1e-3 } }),
    'solve: rtol names "a", which the state has not; its leaves are one without a name',
  ],
  [
    "no tolerance for a leaf",
    named({ rtol: { a: 1e-3 } }),
    'solve: rtol lacks the leaf "b" of the state; name all, or give one number',
  ],
  [
    "a negative tolerance of a leaf",
    named({ atol: { a: 1e-3, b: -1 } }),
    'solve: atol of "b" must be at least 0, got -1',
  ],
  [
    "infinite tolerances alone",
    options({ atol: [Number.POSITIVE_INFINITY] }),
    "solve: atol is infinite wherever the state steers; somewhere it must be finite",
  ],
  [
    "a tolerance that is no number",
    options({ atol: "1e-3" }),
    'the tree\'s entry "" is neither a value nor an object of named values: 1e-3',
  ],
  [
    "an infinite atol",
    options({ atol: Number.POSITIVE_INFINITY }),
    "solve: atol must be a finite number, at least 0, got Infinity",
  ],
  [
    "no tolerance at all",
    options({ rtol: 0, atol: 0 }),
    "solve: one of rtol and atol must be positive, got 0",
  ],
  [
    "a tolerance below rounding",
    options({ rtol: 1e-16, atol: 0 }),
    "solve: rtol must be at least 1e-14 where atol is 0, got 1e-16",
  ],
  ["no steps", options({ maxSteps: 0 }), "solve: maxSteps must be a positive whole number, got 0"],
  ["half a step", options({ maxSteps: 1.5 }), "solve: maxSteps must be a positive whole number, got 1.5"],
  [
    "a first step of 0",
    options({ firstStep: 0 }),
    "solve: firstStep must be a positive length of time, got 0",
  ],
  [
    "a first step of NaN",
    options({ firstStep: Number.NaN }),
    "solve: firstStep must be a positive length of time, got NaN",
  ],
  ["a smallest step below 0", options({ minStep: -1 }), "solve: minStep must be at least 0, got -1"],
  [
    "a largest step below the smallest",
    options({ minStep: 0.1, maxStep: 0.01 }),
    "solve: maxStep must be positive and not below minStep, got 0.01",
  ],
  ["room of no size", options({ residualBytes: -1 }), "solve: residualBytes must be at least 0, got -1"],

  // times
  [
    "a grid in disorder",
    options({ grid: [0.5, 0.25, 1] }),
    "solve: grid[1] must be beyond the time before it, on the way from 0 to 1, got 0.25",
  ],
  [
    "a grid that starts with the start",
    options({ grid: [0, 1] }),
    "solve: grid[0] must be beyond the time before it, on the way from 0 to 1, got 0",
  ],
  [
    "a grid with a hole",
    options({ grid: [0.5, Number.NaN, 1] }),
    "solve: grid[1] must be beyond the time before it, on the way from 0 to 1, got NaN",
  ],
  [
    "a grid that stops short",
    options({ grid: [0.5] }),
    "solve: the last entry of grid must be the end of the span, 1, got 0.5",
  ],
  [
    "a grid that goes too far",
    options({ grid: [0.5, 2] }),
    "solve: the last entry of grid must be the end of the span, 1, got 2",
  ],
  [
    "an empty grid",
    options({ grid: [] }),
    "solve: the last entry of grid must be the end of the span, 1, got undefined",
  ],
  [
    "saved states in disorder",
    options({ saveAt: [0.5, 0.25] }),
    "solve: saveAt[1] must be not before the time before it, on the way from 0 to 1, got 0.25",
  ],
  [
    "a saved state before the start",
    options({ saveAt: [-1] }),
    "solve: saveAt[0] must be not before the time before it, on the way from 0 to 1, got -1",
  ],
  [
    "a saved state beyond the end",
    options({ saveAt: [0.5, 1.5] }),
    "solve: saveAt[1] must be not before the time before it, on the way from 0 to 1, got 1.5",
  ],
  [
    "a jump at no time",
    options({ jumpTimes: [Number.NaN] }),
    "solve: an entry of jumpTimes must be a finite time, got NaN",
  ],
  [
    "jumps beside a grid",
    options({ jumpTimes: [0.5], grid: [1] }),
    "solve: jumpTimes only guide chosen steps; put them into the grid instead",
  ],
  [
    "a state asked for that was not kept",
    () => solve(decay).at(0.5),
    "solution.at: solve with the option dense: true to ask for any time",
  ],
  [
    "a state asked for beyond the end",
    () => solve(decay, { dense: true }).at(2),
    "solution.at: the solve went from 0 to 1, asked for 2",
  ],

  // methods
  [
    "a method by its name",
    options({ method: "tsit5" }),
    'solve: method must be an object such as tsit5, got "tsit5"',
  ],
  [
    "a controller by its name",
    options({ controller: "PI" }),
    'solve: controller must be an object such as integralController, got "PI"',
  ],
  [
    "a method that cannot choose its steps",
    options({ method: rk4 }),
    "solve: the method rk4 has no error estimate and cannot choose its steps; give a grid",
  ],
  [
    "a stop when stiff, by a method that cannot tell",
    options({ method: bosh3, stopWhenStiff: true }),
    "solve: stopWhenStiff is not for the method bosh3, which does not estimate stiffness; use one that does, such as tsit5",
  ],
  [
    "a stop when stiff, by a stiff method",
    options({ method: rosenbrock23, stopWhenStiff: true }),
    "solve: stopWhenStiff is not for the method rosenbrock23, which is stable where the problem is stiff; leave stopWhenStiff out",
  ],
  [
    "a stop when stiff beside a switch",
    options({ method: autoSwitch(tsit5, rosenbrock23), stopWhenStiff: true }),
    "solve: stopWhenStiff is not for the method autoSwitch(tsit5, rosenbrock23), which goes on where the problem is stiff; leave one of the two out",
  ],
  [
    "a switch from a method that does not see stiffness",
    () => autoSwitch(bosh3, rosenbrock23),
    "autoSwitch: bosh3 does not estimate both error and stiffness",
  ],
  [
    "a switch from a stiff method",
    () => autoSwitch(rosenbrock23, rosenbrock23),
    "autoSwitch: rosenbrock23 needs no other method where a problem is stiff; put an explicit one first, such as tsit5",
  ],
  [
    "a switch to an explicit method",
    () => autoSwitch(tsit5, dopri5),
    "autoSwitch: dopri5 is no method for stiff problems; put one such as rosenbrock23 second",
  ],
  [
    "a switch after no steps",
    () => autoSwitch(tsit5, rosenbrock23, { stiffSteps: 0 }),
    "autoSwitch: the rule's stiffSteps must be a positive number, got 0",
  ],
  [
    "a stiff method where linear systems cannot be solved",
    options({ method: rosenbrock23, target: "onnx" }),
    /the onnx target cannot solve linear systems/,
  ],
  [
    "a tableau whose weights do not sum to one",
    () => tableau({ ...rk4, name: "mine", b: rk4.b.map((weight) => 2 * weight) }),
    /tableau "mine": /,
  ],
  [
    "single precision where it cannot be had",
    options({ target: javascriptTarget, precision: "float32" }),
    /"javascript" computes in float64/,
  ],
  [
    "double precision where it cannot be had",
    options({ target: tfjsTarget, precision: "float64" }),
    /"tfjs" computes in float32, but float64/,
  ],
  [
    "a target that is not there",
    options({ target: "cuda" }),
    /unknown target "cuda"; choose auto, javascript/,
  ],
];
