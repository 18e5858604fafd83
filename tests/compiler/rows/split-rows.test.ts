import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitRows } from "../../../src/compiler/rows/split-rows.js";
import { trace } from "../../../src/compiler/trace/trace.js";
import { wholeVjp } from "../../laws/gradients.js";
import { anySeed } from "../../laws/numbers.js";
import { graphOf, operationRows } from "../operation-cases.js";
import { expressionGraph } from "../random-expressions.js";
import { rowExpressionGraph } from "./row-expressions.js";
import { expectStagesToMatch, split } from "./stage-laws.js";

/** Lengths of axes, a batch among them that is longer than all others or not. */
const anyRowExpression = (rows: { min: number; max: number }) =>
  fc.record({
    seed: anySeed,
    rows: fc.integer(rows),
    width: fc.integer({ min: 2, max: 4 }),
    hidden: fc.integer({ min: 1, max: 4 }),
  });

describe("a graph run stage by stage and chunk by chunk", () => {
  it("returns what it returns at once, for random graphs whose rows are independent", () => {
    fc.assert(
      fc.property(anyRowExpression({ min: 9, max: 14 }), anySeed, (expression, seed) => {
        const graph = rowExpressionGraph(expression);
        const program = splitRows(graph);
        // a graph may happen to end in what is the same for all rows
        if ("refused" in program) expect(program.refused).toContain("less than half of the work");
        else {
          expect(program.rows).toBe(expression.rows);
          expectStagesToMatch(graph, program, seed);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("returns what it returns at once wherever it is split, batch or not, as do derivatives", () => {
    let splits = 0;
    fc.assert(
      fc.property(
        anyRowExpression({ min: 2, max: 6 }),
        fc.constantFrom("own", "general"),
        fc.boolean(),
        anySeed,
        (expression, kind, derivative, seed) => {
          const forward = kind === "own" ? rowExpressionGraph(expression) : expressionGraph(expression.seed);
          const graph = derivative ? wholeVjp(forward) : forward;
          const program = splitRows(graph);
          if ("refused" in program) return;
          splits++;
          expectStagesToMatch(graph, program, seed);
        },
      ),
      { numRuns: 60 },
    );
    expect(splits).toBeGreaterThan(20);
  });

  it.each(operationRows.map((row) => [row.name, row] as const))(
    "returns what %s returns, where it is split",
    (_, { cases, domain }) => {
      fc.assert(
        fc.property(cases, anySeed, (operation, seed) => {
          const graph = graphOf(operation);
          const program = splitRows(graph);
          if (!("refused" in program)) expectStagesToMatch(graph, program, seed, domain);
        }),
        { numRuns: 12 },
      );
    },
  );

  it("adds to a running total what the rows contribute, in one array", () => {
    const inputs = { x: [6, 2], g: [6, 3], first: [2, 3], second: [2, 3] };
    const graph = trace({ inputs }, ({ x, g, first, second }) => {
      const product = (a: tf.Tensor): tf.Tensor => tf.matMul(a as tf.Tensor2D, g as tf.Tensor2D, true, false);
      const sum = tf.add(product(x), product(tf.tanh(x)));
      return { outputs: { first: tf.add(first, sum), second: tf.add(product(tf.sin(x)), second) } };
    });
    const program = split(graph);
    expect(program.temporaries).toEqual([]);
    expect(program.stages.map(({ kind }) => kind)).toEqual(["rows"]);
    expectStagesToMatch(graph, program, 1);
  });

  it("looks up a table by rows, and adds up at the rows' indices", () => {
    const graph = trace({ inputs: { labels: [12], table: [5, 2] } }, ({ labels, table }) => {
      const indices = tf.cast(tf.mul(tf.abs(labels), 4), "int32");
      return { outputs: { found: tf.tanh(tf.gather(table, indices as tf.Tensor1D)) } };
    });
    for (const each of [graph, wholeVjp(graph)]) {
      const program = split(each);
      expect(program.rows).toBe(12);
      expectStagesToMatch(each, program, 1);
    }
  });
});

describe("a graph whose rows depend on each other otherwise", () => {
  const mixing: Record<string, (x: tf.Tensor2D) => tf.Tensor> = {
    "the rows in reverse": (x) => tf.reverse(x, 0),
    "running sums along the batch": (x) => tf.cumsum(x, 0),
    "rows picked by their index": (x) => tf.gather(x, [3, 1, 1, 0, 5, 2]),
    "some of the rows": (x) => tf.slice(x, [1, 0], [5, 3]),
    "the batch twice": (x) => tf.concat([x, x], 0),
    "products of all rows with all rows": (x) => tf.matMul(x, x, false, true),
    "rows across each other": (x) => tf.reshape(tf.transpose(x), [6, 3]),
    "the batch as the last axis": (x) => tf.transpose(x),
    "halves of rows": (x) => tf.reshape(x, [2, 9]),
    "each row against all": (x) => tf.sub(tf.reshape(x, [6, 1, 3]), tf.reshape(x, [1, 6, 3])),
  };

  it.each(Object.entries(mixing))("%s: is refused, with the operation that mixes them", (_, mix) => {
    const graph = trace({ inputs: { x: [6, 3] } }, ({ x }) => ({
      outputs: { y: mix(tf.tanh(x) as tf.Tensor2D) },
    }));
    const refusal = splitRows(graph);
    expect(refusal).toHaveProperty("node.operation");
    expect(refusal).toHaveProperty("refused", expect.stringMatching(/^\w+ of \[.*6 rows of the batch/));
  });

  it("has no batch without a leading axis", () => {
    const graph = trace({ inputs: { x: [], y: [1, 4] } }, ({ x, y }) => ({ outputs: { z: tf.mul(x, y) } }));
    expect(splitRows(graph)).toHaveProperty(
      "refused",
      expect.stringContaining("no input has a leading axis"),
    );
  });

  it("has no batch of fewer rows than are asked for", () => {
    const graph = trace({ inputs: { x: [6, 3] } }, ({ x }) => ({ outputs: { y: tf.tanh(x) } }));
    expect(splitRows(graph, 6)).toHaveProperty("rows", 6);
    expect(splitRows(graph, 7)).toHaveProperty("refused", expect.stringContaining("at least 7 rows"));
  });
});
