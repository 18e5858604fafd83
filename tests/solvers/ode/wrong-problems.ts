import * as tf from "@tensorflow/tfjs-core";
import { odeProblem } from "../../../src/solvers/ode/ode-problem.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { decay, options, type WrongUse, type WrongUses } from "./wrong-use.js";

const problem = (changes: object): WrongUse => {
  return () =>
    odeProblem({ field: (_: tf.Scalar, y: tf.Tensor) => y, y0: 1, span: [0, 1], ...changes } as never);
};
const field = (returns: (t: tf.Tensor, y: { a: tf.Tensor; b: tf.Tensor }) => unknown): WrongUse => {
  return (run) =>
    run(odeProblem({ field: returns as never, y0: { a: [1, 2], b: 3 }, span: [0, 1] }) as never);
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
/** Problems, events, fields and cotangents that are wrong. */
export const wrongProblems: WrongUses = [
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
