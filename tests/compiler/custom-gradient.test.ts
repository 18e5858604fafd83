import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jacobian } from "../../src/compiler/derivatives/jacobian.js";
import { jvp } from "../../src/compiler/derivatives/jvp.js";
import { vjp } from "../../src/compiler/derivatives/vjp.js";
import { type Graph, liveNodes, resultsOf } from "../../src/compiler/graph/graph.js";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { jvpOf } from "../../src/compiler/trace/derivative-functions.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { expectJvpToMatchVjp, wholeJvp, wholeVjp, withCotangents } from "../laws/gradients.js";
import { anySeed, normalArrays } from "../laws/numbers.js";
import { allTargets, evaluate, type Point, targetText } from "../laws/programs.js";

type Custom = (...inputs: tf.Tensor[]) => tf.Tensor;
type Rule = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** tf.customGrad, whose type knows neither how many arguments nor that save comes last. */
function custom(f: (xs: tf.Tensor[], save: (saved: tf.Tensor[]) => void) => tf.Tensor, rule: Rule): Custom {
  const run = (...given: unknown[]) => ({
    value: f(given.slice(0, -1) as tf.Tensor[], given[given.length - 1] as (saved: tf.Tensor[]) => void),
    gradFunc: rule,
  });
  return tf.customGrad(run as Parameters<typeof tf.customGrad>[0]) as Custom;
}

/** Has the value of a sine, but the derivative of x^2 z by both arguments. */
const impostor = custom(
  ([x, z], save) => {
    save([x, z]);
    return tf.sin(tf.mul(x, z));
  },
  (dy, [x, z]) => [tf.mul(dy, tf.mul(2, tf.mul(x, z))), tf.mul(dy, tf.square(x))],
);
/** What its derivative is that of. */
const imposed: Custom = (x, z) => tf.mul(tf.square(x), z);

const around = (f: Custom): Graph =>
  trace({ inputs: { x: [3], w: [3] }, scalars: ["s"] }, ({ x, w, s }) => {
    const y = f(tf.tanh(tf.mul(x, s)), tf.add(w, x));
    return { outputs: { y: tf.mul(y, 3), sum: tf.sum(y) } };
  });

function aroundPoint(seed: number): Point {
  const [x, w] = normalArrays([[3], [3]], seed);
  return { inputs: { x, w }, scalars: { s: 0.8 } };
}

function expectSame(actual: Readonly<Record<string, NdArray>>, expected: typeof actual): void {
  for (const [name, value] of Object.entries(expected)) {
    expect(actual[name], name).toBeAllclose(value, { relative: 1e-12, absolute: 1e-12 });
  }
}

describe("a rule given to tf.customGrad", () => {
  it("leaves the value as it is, on every target", () => {
    const [graph, plain] = [around(impostor), around((x, z) => tf.sin(tf.mul(x, z)))];
    const point = aroundPoint(1);
    const expected = evaluate(plain, point).outputs;
    for (const target of allTargets) {
      const { y } = evaluate(graph, point, target).outputs;
      expect(y, targetText(target)).toBeAllclose(expected.y, { relative: 1e-5, absolute: 1e-6 });
    }
  });

  it.each([
    ["vjp", wholeVjp],
    ["jvp", wholeJvp],
    ["vjp of the vjp", (graph: Graph) => wholeVjp(wholeVjp(graph))],
    ["jvp of the vjp", (graph: Graph) => wholeJvp(wholeVjp(graph))],
    ["vjp of the jvp", (graph: Graph) => wholeVjp(wholeJvp(graph))],
  ])("gives the %s that it would have if it were the truth", (_, derivative) => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const [actual, expected] = [around(impostor), around(imposed)].map(derivative);
        const point = aroundPoint(seed);
        const read = [...expected.inputs, ...expected.scalars];
        const arrays = normalArrays(
          read.map(({ shape }) => shape),
          seed + 1,
        );
        const inputs = Object.fromEntries(read.map(({ name }, i) => [name, arrays[i]]));
        const scalars = Object.fromEntries(expected.scalars.map(({ name }) => [name, inputs[name].data[0]]));
        const full = { inputs: { ...inputs, ...point.inputs }, scalars: { ...scalars, ...point.scalars } };
        expectSame(evaluate(actual, full).outputs, evaluate(expected, full).outputs);
      }),
      { numRuns: 10 },
    );
  });

  it("gives the Jacobian of the rule", () => {
    const of = { of: "y", withRespectTo: "x" };
    const [actual, expected] = [around(impostor), around(imposed)].map((graph) => jacobian(graph, of));
    expectSame(evaluate(actual, aroundPoint(2)).outputs, evaluate(expected, aroundPoint(2)).outputs);
  });

  it("binds values that are their own argument: a reversed gradient", () => {
    const reversed = custom(
      ([x]) => tf.clone(x),
      (dy) => tf.neg(dy),
    );
    const graph = (f: Custom): Graph =>
      trace({ inputs: { x: [3] } }, ({ x }) => ({ outputs: { y: tf.exp(f(tf.sin(x))) } }));
    const [x] = normalArrays([[3]], 1);
    const [plain, opposite] = [graph((u) => u), graph(reversed)];
    const seeded = withCotangents(plain, { inputs: { x } }, 2);
    const expected = evaluate(wholeVjp(plain), seeded).outputs["gradient.x"].data;
    const actual = evaluate(wholeVjp(opposite), seeded).outputs["gradient.x"];
    expect(actual).toBeAllclose({ shape: [3], data: expected.map((value) => -value) });
    expectJvpToMatchVjp(opposite, { inputs: { x } }, 3);
  });

  it("may hold another, and may be differentiated by what it saved", () => {
    const outer = custom(
      ([x, z], save) => {
        const y = impostor(tf.exp(x), z);
        save([y, tf.exp(x)]);
        return tf.mul(y, y);
      },
      (dy, [y, e]) => [tf.mul(dy, tf.mul(y, e)), tf.mul(dy, y)],
    );
    const graph = around(outer);
    expectJvpToMatchVjp(graph, aroundPoint(3), 4);
    const first = wholeVjp(graph);
    expectJvpToMatchVjp(first, withCotangents(graph, aroundPoint(3), 4), 5);
  });

  it("that is not linear in dy works backwards, and forwards is refused", () => {
    const clipped = custom(
      ([x]) => tf.square(x),
      (dy) => tf.clipByValue(dy, -0.5, 0.5),
    );
    const graph = trace({ inputs: { x: [3] } }, ({ x }) => ({ outputs: { y: clipped(x) } }));
    const point = { inputs: { x: normalArrays([[3]], 1)[0] } };
    const dy = { shape: [3], data: Float64Array.of(3, -0.2, -9) };
    const gradient = vjp(graph, { of: ["y"], withRespectTo: ["x"] });
    const { outputs } = evaluate(gradient, { inputs: { ...point.inputs, "cotangent.y": dy } });
    expect(outputs["gradient.x"].data).toEqual(Float64Array.of(0.5, -0.2, -0.5));
    expect(() => jvp(graph, { of: ["y"], withRespectTo: ["x"] })).toThrow("not linear in the cotangent dy");
  });

  it.each<[string, Rule, string]>([
    ["too few gradients", (dy) => dy, "the same number of tensors as inputs"],
    [
      "a gradient of another shape",
      (dy) => [tf.sum(dy), dy],
      "gradient 0 has shape [], its argument [3]; they must agree",
    ],
  ])("is refused with %s", (_, rule, message) => {
    expect(() => around(custom(([x, z]) => tf.mul(x, z), rule))).toThrow(message);
  });

  it("is left aside where it is tfjs's own, for its operations: ours is the same and simplifies", () => {
    const graph = trace({ inputs: { x: [2, 3], w: [3, 3] } }, ({ x, w }) => {
      const y = tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, activation: "relu" });
      return { outputs: { y: tf.logSoftmax(y), z: tf.logSigmoid(x) } };
    });
    const operations = liveNodes(resultsOf(graph)).map(({ operation }) => operation);
    expect(operations).not.toContain("customGradient");
  });
});

describe("tf.grad in a traced function", () => {
  type Unary = (x: tf.Tensor) => tf.Tensor;
  const nested = (f: Unary, order: number): Unary => (order === 0 ? f : tf.grad(nested(f, order - 1)));
  const forwards = (f: Unary, order: number): Unary =>
    order === 0 ? f : (x) => jvpOf(forwards(f, order - 1), [x], [1]).tangent;

  it.each<[string, Unary]>([
    ["tanh(x) x", (x) => tf.mul(tf.tanh(x), x)],
    ["tanh(x^2)", (x) => tf.tanh(tf.square(x))],
    ["exp(x) sigmoid(x)", (x) => tf.mul(tf.exp(x), tf.sigmoid(x))],
    ["(1 + x^2)^x", (x) => tf.pow(tf.add(tf.square(x), 1), x)],
  ])("is right to third order, where tfjs's own is not: %s", (_, f) => {
    const graph = trace({ inputs: { x: [4] } }, ({ x }) => ({
      outputs: {
        d1: nested(f, 1)(x),
        d2: nested(f, 2)(x),
        d3: nested(f, 3)(x),
        forward: forwards(f, 3)(x),
        mixed: tf.grad((u) => jvpOf(tf.grad(f), [u], [1]).tangent)(x),
        f: f(x),
      },
    }));
    const [x] = normalArrays([[4]], 1);
    const at = (distance: number) =>
      evaluate(graph, { inputs: { x: { shape: [4], data: x.data.map((value) => value + distance) } } })
        .outputs;
    const h = 1e-4;
    const [back, center, ahead] = [at(-h), at(0), at(h)];
    for (const [of, derivative] of [
      ["f", "d1"],
      ["d1", "d2"],
      ["d2", "d3"],
    ]) {
      const quotient = ahead[of].data.map((value, i) => (value - back[of].data[i]) / (2 * h));
      expect(center[derivative]).toBeAllclose(
        { shape: [4], data: quotient },
        { relative: 1e-5, absolute: 1e-5 },
      );
    }
    expect(center.forward).toBeAllclose(center.d3, { relative: 1e-10, absolute: 1e-10 });
    expect(center.mixed).toBeAllclose(center.d3, { relative: 1e-10, absolute: 1e-10 });
  });

  it("takes what it captures as constant, and the cotangent as given", () => {
    const graph = trace({ inputs: { x: [3], z: [3] } }, ({ x, z }) => {
      const captured = tf.square(x);
      const [byX, byZ] = tf.grads((u: tf.Tensor, v: tf.Tensor) => tf.mul(tf.mul(u, v), captured))([x, z], z);
      const { value, grad } = tf.valueAndGrad((u: tf.Tensor) => tf.sum(tf.mul(u, captured)))(x);
      const inner = (u: tf.Tensor) => tf.grad((v: tf.Tensor) => tf.mul(u, v))(tf.clone(u));
      const outer = tf.grad((u: tf.Tensor) => tf.mul(u, inner(u)))(x);
      return { outputs: { byX, byZ, value, grad, outer } };
    });
    const [x, z] = normalArrays([[3], [3]], 1);
    const { outputs } = evaluate(graph, { inputs: { x, z } });
    const each = (f: (a: number, b: number) => number): NdArray => ({
      shape: [3],
      data: Float64Array.from(x.data, (a, i) => f(a, z.data[i])),
    });
    expect(outputs.byX).toBeAllclose(each((a, b) => b * b * a * a));
    expect(outputs.byZ).toBeAllclose(each((a, b) => b * a * a * a));
    expect(outputs.value).toBeAllclose(x.data[0] ** 3 + x.data[1] ** 3 + x.data[2] ** 3);
    expect(outputs.grad).toBeAllclose(each((a) => a * a));
    // u times the derivative of u v by v alone, which is u: the inner derivative does not see the outer variable
    expect(outputs.outer).toBeAllclose(each((a) => 2 * a));
  });

  it("adds up what one argument given twice contributes", () => {
    const graph = trace({ inputs: { x: [3] } }, ({ x }) => {
      const { tangent } = jvpOf((u, v) => tf.mul(u, v), [x, x], [1, tf.ones([3])]);
      return { outputs: { tangent } };
    });
    const [x] = normalArrays([[3]], 1);
    expect(evaluate(graph, { inputs: { x } }).outputs.tangent).toBeAllclose({
      shape: [3],
      data: x.data.map((value) => 2 * value),
    });
  });

  const traced = (run: (x: tf.Tensor) => tf.Tensor) =>
    trace({ inputs: { x: [3] } }, ({ x }) => ({ outputs: { y: run(x) } }));

  it.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
    ["no dependence", (x) => tf.grad(() => tf.ones([3]))(x), "does not depend on its argument"],
    [
      "an integer argument",
      (x) => tf.grad((u) => tf.cast(u, "float32"))(tf.cast(x, "int32")),
      "type int32 does not exist; cast it to float32",
    ],
    [
      "no tensor",
      (x) => jvpOf(() => 1 as unknown as tf.Tensor, [x], [1]).tangent,
      "must return a tensor, got number",
    ],
    [
      "a tangent of another shape",
      (x) => jvpOf(tf.tanh, [x], [tf.ones([2])]).tangent,
      "tangent 0 has shape [2]",
    ],
    ["a tangent too few", (x) => jvpOf(tf.tanh, [x], []).tangent, "one tangent per argument, 1, got 0"],
  ])("refuses %s", (_, run, message) => {
    expect(() => traced(run)).toThrow(message);
  });

  it("leaves tfjs's own as it was", () => {
    const engine = tf.engine();
    traced((x) => tf.grad(tf.tanh)(x));
    expect(Object.hasOwn(engine, "gradients")).toBe(false);
    expect(Object.hasOwn(engine, "runKernelFunc")).toBe(false);
  });
});
