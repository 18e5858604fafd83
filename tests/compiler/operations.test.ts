import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liveNodes, resultsOf } from "../../src/compiler/graph/graph.js";
import type { Node } from "../../src/compiler/graph/node.js";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { elementwiseTable } from "../../src/compiler/operations/elementwise-table.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import { toleranceOf } from "../../src/compiler/targets/tolerance.js";
import { trace } from "../../src/compiler/trace/trace.js";
import {
  expectJvpToMatchVjp,
  expectVjpToMatchDifferences,
  wholeVjp,
  withCotangents,
} from "../laws/gradients.js";
import { anySeed, coarseArrays, distinctArrays } from "../laws/numbers.js";
import { allTargets, evaluate, targetText } from "../laws/programs.js";
import { activationRows, elementwiseRows, trigonometricRows } from "./elementwise-cases.js";
import { graphOf, named, operationRows, outputsOf } from "./operation-cases.js";
import { type OperationCase, type OperationRow, rowText } from "./operation-row.js";

const targets = allTargets.filter((target) => target !== javascriptTarget);

/** The same call, executed by tfjs operation by operation. */
function eager(
  { build, expected = build, operands }: OperationCase,
  arrays: readonly NdArray[],
): Record<string, NdArray> {
  const inputs = arrays.map(({ shape, data }) => tf.tensor(Float32Array.from(data), [...shape]));
  const results = Object.entries(outputsOf(expected(...(operands?.(...inputs) ?? inputs))));
  return Object.fromEntries(
    results.map(([name, tensor]) => [
      name,
      { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) },
    ]),
  );
}

/** The types of a case's results: of the recorded ones, and of those that tfjs computes. */
function typesOf({ shapes, build, expected = build, operands = (...inputs) => inputs }: OperationCase) {
  const types = (call: OperationCase["build"], inputs: tf.Tensor[]): string[] =>
    Object.values(outputsOf(call(...operands(...inputs)))).map(({ dtype }) => dtype);
  let recorded: string[] = [];
  trace({ inputs: named(shapes) }, (read) => {
    recorded = types(build, Object.values(read));
    return { outputs: {} };
  });
  return {
    recorded,
    eager: types(
      expected,
      shapes.map((shape) => tf.ones([...shape])),
    ),
  };
}

function expectTargetsToAgree(row: OperationRow, operation: OperationCase, arrays: readonly NdArray[]): void {
  const graph = graphOf(operation);
  const point = { inputs: named(arrays) };
  const reference = evaluate(graph, point).outputs;
  for (const target of targets) {
    const { outputs } = evaluate(graph, point, target);
    for (const [name, expected] of Object.entries(reference)) {
      const closeness = toleranceOf(target, liveNodes(resultsOf(graph)));
      expect(outputs[name], `${rowText(row)} on ${targetText(target)}`).toBeAllclose(expected, closeness);
    }
  }
}

describe.each(operationRows.map((row) => [rowText(row), row] as const))("%s", (_, row) => {
  const uses = fc.tuple(row.cases, anySeed);

  it("gives the same on every target", () => {
    fc.assert(
      fc.property(uses, ([operation, seed]) => {
        expectTargetsToAgree(row, operation, distinctArrays(operation.shapes, row.domain, seed));
      }),
      { numRuns: 15 },
    );
  });

  it.runIf(row.domain[0] < 0)("gives the same on every target at ties and zeros", () => {
    fc.assert(
      fc.property(uses, ([operation, seed]) => {
        expectTargetsToAgree(row, operation, coarseArrays(operation.shapes, seed));
      }),
      { numRuns: 5 },
    );
  });

  it("gives what tfjs gives: tracing and simplification change nothing", () => {
    fc.assert(
      fc.property(uses, fc.boolean(), ([operation, seed], coarse) => {
        const arrays =
          coarse && row.domain[0] < 0
            ? coarseArrays(operation.shapes, seed)
            : distinctArrays(operation.shapes, row.domain, seed);
        const { outputs } = evaluate(graphOf(operation), { inputs: named(arrays) });
        const expected = eager(operation, arrays);
        for (const name of Object.keys(expected)) {
          expect(outputs[name]).toBeAllclose(expected[name], { relative: 1e-4, absolute: 1e-5 });
        }
      }),
      { numRuns: 50 },
    );
  });

  it("has the type that it has in tfjs", () => {
    fc.assert(
      fc.property(row.cases, (operation) => {
        const types = typesOf(operation);
        expect(types.recorded).toEqual(types.eager);
      }),
      { numRuns: 5 },
    );
  });

  it("has the derivative that central differences give", () => {
    fc.assert(
      fc.property(uses, ([operation, seed]) => {
        const arrays = distinctArrays(operation.shapes, row.domain, seed);
        expectVjpToMatchDifferences(graphOf(operation), { inputs: named(arrays) }, seed);
      }),
      { numRuns: 15 },
    );
  });

  it("has the same derivative forwards and backwards, of the first order and the second", () => {
    fc.assert(
      fc.property(uses, ([operation, seed]) => {
        const graph = graphOf(operation);
        const point = { inputs: named(distinctArrays(operation.shapes, row.domain, seed)) };
        expectJvpToMatchVjp(graph, point, seed);
        expectJvpToMatchVjp(wholeVjp(graph), withCotangents(graph, point, seed), seed + 1);
      }),
      { numRuns: 12 },
    );
  });

  it("has the second derivative that central differences of the first give", () => {
    fc.assert(
      fc.property(uses, ([operation, seed]) => {
        const graph = graphOf(operation);
        const arrays = distinctArrays(operation.shapes, row.domain, seed);
        const point = withCotangents(graph, { inputs: named(arrays) }, seed);
        expectVjpToMatchDifferences(wholeVjp(graph), point, seed + 1);
      }),
      { numRuns: 8 },
    );
  });
});

/** Functions of one number, at home everywhere or not. */
const functions = [...elementwiseRows, ...trigonometricRows, ...activationRows].filter(({ name, cases }) => {
  const [{ shapes, operands }] = fc.sample(cases, 1);
  // integers know neither, and tfjs takes the sign of NaN for 0, but the step of NaN for NaN
  return shapes.length === 1 && !operands && !["cast", "sign", "step"].includes(name);
});

describe("at the borders of the numbers", () => {
  const { NaN: none, POSITIVE_INFINITY: infinity } = Number;
  const borders = [none, infinity, -infinity, 0, -0, 1, -1, 0.5, -0.5, 20, -20, 1e5, -1e5, 1e-30, -1e-30];
  const x: NdArray = { shape: [borders.length], data: Float64Array.from(borders) };

  it.each(functions.map((row) => [rowText(row), row] as const))("%s is what it is in tfjs", (_, row) => {
    const [{ build }] = fc.sample(row.cases, 1);
    const operation = { shapes: [x.shape], build };
    const expected = eager(operation, [x]).y0;
    for (const target of allTargets) {
      const { y0 } = evaluate(graphOf(operation), { inputs: { a: x } }, target).outputs;
      const single = { shape: y0.shape, data: Float32Array.from(y0.data) };
      expect(single, targetText(target)).toBeAllclose(expected, { relative: 1e-4, absolute: 1e-5 });
    }
  });
});

describe("the table of cases", () => {
  it("uses every operation of the compiler", () => {
    const used = new Set<Node["operation"]>();
    for (const { cases } of operationRows) {
      for (const operation of fc.sample(cases, 30)) {
        const graph = graphOf(operation);
        for (const { operation: name } of liveNodes(resultsOf(graph))) used.add(name);
      }
    }
    const others = ["cast", "reshape", "broadcast", "transpose", "concat", "slice", "reduce", "matMul"];
    const indexing = ["gather", "scatterAdd", "cumSum"];
    expect([...used]).toEqual(
      expect.arrayContaining([...Object.keys(elementwiseTable), ...others, ...indexing]),
    );
  });
});
