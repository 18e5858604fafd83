import * as tf from "@tensorflow/tfjs-core";
import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import { tfjsTarget } from "../../../src/compiler/targets/tfjs/tfjs-target.js";
import { autoSwitch } from "../../../src/solvers/ode/auto-switch.js";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { rosenbrock23 } from "../../../src/solvers/ode/rosenbrock23.js";
import { solve } from "../../../src/solvers/ode/solve.js";
import type { SolveOptions } from "../../../src/solvers/ode/solve-options.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { bosh3 } from "../../../src/solvers/tableaux/bosh3.js";
import { dopri5 } from "../../../src/solvers/tableaux/dopri5.js";
import { rk4 } from "../../../src/solvers/tableaux/rk4.js";
import { tableau } from "../../../src/solvers/tableaux/tableau.js";
import { tsit5 } from "../../../src/solvers/tableaux/tsit5.js";

/** A problem that nothing is wrong with. */
export const decay = odeProblem({ field: (_, y) => tf.neg(y), y0: [1, 2], span: [0, 1] });

/** A way to solve, and what it is asked to do with wrong options, a wrong field, a wrong derivative. */
export type Run = (problem: typeof decay, options?: SolveOptions) => unknown;
type WrongUse = (run: Run) => unknown;

const problem = (changes: object): WrongUse => {
  return () =>
    odeProblem({ field: (_: tf.Scalar, y: tf.Tensor) => y, y0: 1, span: [0, 1], ...changes } as never);
};
const options = (given: object): WrongUse => {
  return (run) => run(decay, given as SolveOptions);
};
const field = (returns: (t: tf.Tensor, y: { a: tf.Tensor; b: tf.Tensor }) => unknown): WrongUse => {
  return (run) =>
    run(odeProblem({ field: returns as never, y0: { a: [1, 2], b: 3 }, span: [0, 1] }) as never);
};
const named = (given: object): WrongUse => {
  const problem = odeProblem({ field: (_, y) => y, y0: { a: [1, 2], b: 3 }, span: [0, 1] });
  return (run) => run(problem as never, given as SolveOptions);
};
const event = (given: unknown): WrongUse => options({ events: [given] });
const cotangents = (given: object): WrongUse => {
  return () => {
    const named = odeProblem({ field: (_, y) => y, y0: { a: [1, 2] }, span: [0, 1] });
    const taped = solveVjp(named, { firstStep: 1e-3 });
    try {
      return taped.pullback(given as never);
    } finally {
      taped.dispose();
    }
  };
};

/** Every wrong use with the one sentence that it is answered with, whichever of the functions is used. */
export const wrongUses: readonly (readonly [string, WrongUse, string | RegExp])[] = [
  // problems
  [
    "an empty span",
    problem({ span: [1, 1] }),
    "odeProblem: span must be two different finite times, got [1, 1]",
  ],
  [
    "a span without end",
    problem({ span: [0, Number.POSITIVE_INFINITY] }),
    "odeProblem: span must be two different finite times, got [0, Infinity]",
  ],
  [
    "a span that is no number",
    problem({ span: [Number.NaN, 1] }),
    "odeProblem: span must be two different finite times, got [NaN, 1]",
  ],
  [
    "a ragged state",
    problem({ y0: [[1, 2], [3]] }),
    "nested numbers are ragged: the first entries have shape [2,2], others differ",
  ],
  [
    "parameters that are no numbers",
    problem({ params: { w: "1" } }),
    'the tree\'s entry "w" is neither a value nor an object of named values: 1',
  ],

  [
    "a leaf that is not there, told not to steer",
    problem({ y0: { a: 1, b: 2 }, steers: { c: false } }),
    'odeProblem: steers names "c", which the state has not; its leaves are a, b',
  ],
  [
    "a part of a leaf told not to steer",
    problem({ y0: { a: [1, 2], b: 2 }, steers: { a: { x: false } } }),
    'odeProblem: steers names "a.x", which the state has not; its leaves are a, b',
  ],
  [
    "no leaf that steers",
    problem({ y0: { a: 1, b: { c: 2 } }, steers: { a: false, b: false } }),
    "odeProblem: steers leaves no leaf to steer the steps; at least one must",
  ],
  [
    "something else than yes or no about steering",
    problem({ y0: { a: 1, b: 2 }, steers: { a: 0 } }),
    'the tree\'s entry "a" is neither a value nor an object of named values: 0',
  ],
  [
    "a field that is no function",
    problem({ field: "tanh" }),
    "odeProblem: field must be a function of t, y and params, got tanh",
  ],

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

  // events
  [
    "an event that is in no list",
    options({ events: { when: () => tf.scalar(1) } }),
    "solve: events must be a list of events, got [object Object]",
  ],
  [
    "an event without a function",
    event({ terminal: true }),
    "solve: events[0].when must be a function of t, y and params, got undefined",
  ],
  [
    "an event from another direction",
    event({ when: () => tf.scalar(1), direction: "up" }),
    "solve: events[0].direction must be rising, falling or both, got up",
  ],
  [
    "an event that is a vector",
    event({ when: (_: tf.Tensor, y: tf.Tensor) => y }),
    "events[0].when must return a scalar tensor, got shape [2]",
  ],
  [
    "an event that is true or false",
    event({ when: () => true }),
    "events[0].when must return a scalar tensor, got true",
  ],
  [
    "an event that returns nothing",
    event({ when: () => undefined }),
    "events[0].when must return a scalar tensor, got undefined",
  ],
  [
    "an event that is asynchronous",
    event({ when: async (t: tf.Tensor) => t }),
    "must be synchronous, got one that returns a promise",
  ],

  // fields
  [
    "a field that returns nothing",
    field(() => undefined),
    "the vector field returned nothing; is a return missing?",
  ],
  [
    "a field that is asynchronous",
    field(async (_t, y) => y),
    "must be synchronous, got one that returns a promise",
  ],
  [
    "a field that awaits a value",
    field(async (_t, y) => tf.mul(y.a, (await y.a.data())[0])),
    "reads the value of a tensor of shape [2]",
  ],
  [
    "a field that forgets a part",
    field((_t, y) => ({ a: y.a })),
    'what the vector field returned lacks the entry "b"',
  ],
  [
    "a field that invents a part",
    field((_t, y) => ({ ...y, c: y.a })),
    'what the vector field returned has an entry "c" that was not expected',
  ],
  [
    "a field that returns a bare tensor for names",
    field((_t, y) => y.a),
    "what the vector field returned has an entry (the value itself) that was not expected",
  ],
  [
    "a field that returns another shape",
    field((_t, y) => ({ a: tf.concat([y.a, y.a]), b: y.b })),
    'the vector field returned shape [4] for the state "a" of shape [2]; a derivative must have the state\'s shape',
  ],
  [
    "a field that throws",
    field(() => {
      throw new Error("the field's own words");
    }),
    "the field's own words",
  ],

  // derivatives
  [
    "a cotangent of a part that is not there",
    cotangents({ y1: { b: [1, 2] } }),
    'the cotangent of y1 has an entry "b" that was not expected',
  ],
  [
    "a cotangent of another shape",
    cotangents({ y1: { a: [1] } }),
    'the cotangent of y1 has shape [1] for the state "a" of shape [2]',
  ],
  [
    "cotangents of states that were not saved",
    cotangents({ ys: { a: [[1, 2]] } }),
    'the cotangent of ys has shape [1,2] for the state "a" of shape [0,2]',
  ],
  [
    "cotangents of errors of other steps than there were",
    cotangents({ error: new Float64Array(1) }),
    /cotangents.error needs one number per accepted step, \d+, got 1/,
  ],
  [
    "cotangents of stiffness of other steps than there were",
    cotangents({ stiffness: new Float64Array(1) }),
    /cotangents.stiffness needs one number per accepted step, \d+, got 1/,
  ],
  [
    "a gradient after the end",
    () => {
      const taped = solveVjp(decay);
      taped.dispose();
      taped.pullback({});
    },
    "pullback: the solve was disposed of; take its gradients before",
  ],
];
