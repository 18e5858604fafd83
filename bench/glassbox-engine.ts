import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as tf from "@tensorflow/tfjs-core";
import {
  dopri5,
  javascriptTarget,
  type NdArray,
  ndArray,
  odeProblem,
  onnxTarget,
  type Solution,
  type SolveOptions,
  solve,
  solveVjp,
  type Target,
  tfjsTarget,
  tsit5,
} from "glassbox";
import type { Greeting, Reply, Request, Work } from "./engine.js";
import type { ArrayName, ProblemDescription } from "./problem.js";

/** Our side of the bench: reads the problem's files and answers requests, as the peers do. */

const [folder, method, targetName, penalty] = process.argv.slice(2);
const description = JSON.parse(readFileSync(join(folder, "problem.json"), "utf8")) as ProblemDescription;
const { rtol, atol, threads } = description;

const methods = { tsit5, dopri5 };
const targets: Readonly<Record<string, () => Target>> = {
  onnx: () => onnxTarget({ precision: "float32", threads }),
  javascript: () => javascriptTarget,
  tfjs: () => tfjsTarget,
};
const target = targets[targetName]();
const options: SolveOptions = {
  method: methods[method as keyof typeof methods],
  rtol,
  atol,
  target,
  precision: target.precision,
};

const problem = odeProblem({
  field: (t, y, { w1, b1, w2, b2 }) => layer(t, layer(t, y, w1, b1), w2, b2),
  y0: read("y0"),
  span: [0, 1],
  params: { w1: read("w1"), b1: read("b1"), w2: read("w2"), b2: read("b2") },
});

/** A dense layer with t as a last extra input, the same for the whole batch. */
function layer(t: tf.Tensor, x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const time = tf.mul(tf.ones([x.shape[0], 1]), t);
  return tf.tanh(tf.add(tf.matMul(tf.concat([x, time], 1) as tf.Tensor2D, weights as tf.Tensor2D), bias));
}

function read(name: ArrayName): NdArray {
  const bytes = readFileSync(join(folder, `${name}.bin`));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
  return ndArray(description.shapes[name], values);
}

interface Outcome {
  readonly solution: Solution;
  readonly gradients?: { readonly dy0: NdArray; readonly dw1: NdArray };
}

const works: Readonly<Record<Work, (firstStep: number | undefined) => Outcome>> = {
  forward: (firstStep) => ({ solution: solve(problem, { ...options, firstStep }) }),
  gradient: (firstStep) => {
    const { solution, pullback, dispose } = solveVjp(problem, { ...options, firstStep });
    const y1 = solution.y1 as NdArray;
    const scale = 2 / y1.data.length;
    const { y0, params } = pullback({
      y1: ndArray(
        y1.shape,
        y1.data.map((value) => scale * value),
      ), // the derivative of mean(y1²)
      error: penalty ? stepSizes(solution) : undefined,
    });
    dispose();
    return { solution, gradients: { dy0: y0 as NdArray, dw1: (params as Record<ArrayName, NdArray>).w1 } };
  },
};

/** The penalty is the sum of E_j h_j over the accepted steps: its derivative by E_j is h_j. */
function stepSizes({ steps }: Solution): Float64Array {
  return Float64Array.from(steps.filter(({ accepted }) => accepted).map(({ h }) => h));
}

function norm({ data }: NdArray): number {
  let squares = 0;
  for (const value of data) squares += value * value;
  return Math.sqrt(squares);
}

function answer({ work, firstStep, repetitions }: Request): Reply {
  const run = () => works[work](firstStep ?? undefined);
  let outcome = run(); // compiles the first time, and wakes the threads
  const milliseconds = Array.from({ length: repetitions }, () => {
    const start = performance.now();
    outcome = run();
    return performance.now() - start;
  });
  const { solution, gradients } = outcome;
  const norms: Record<string, number> = { y1: norm(solution.y1 as NdArray) };
  // the penalty's gradient is another one, which no other engine is asked for
  if (gradients && !penalty) Object.assign(norms, { dy0: norm(gradients.dy0), dw1: norm(gradients.dw1) });
  return { milliseconds, nfe: solution.stats.nfe.total, norms, firstStep: solution.steps[0].h };
}

const name = `glassbox ${targetName}${penalty ? " with E penalty" : ""}`;
const say = (line: Greeting | Reply) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ engine: name, method });
for await (const line of createInterface({ input: process.stdin })) say(answer(JSON.parse(line) as Request));
