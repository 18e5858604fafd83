import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { array } from "../../src/compiler/nd-array.js";
import { type NamedTensors, type TracedResults, trace } from "../../src/compiler/trace/trace.js";
import { TraceError } from "../../src/compiler/trace/trace-error.js";
import { evaluate } from "../laws/programs.js";

tf.setBackend("cpu");

const thisFile = fileURLToPath(import.meta.url);
const lines = readFileSync(thisFile, "utf8").split("\n");

/** The line of this file that ends with the comment "at: place". */
const lineOf = (place: string): number => lines.findIndex((line) => line.endsWith(`// at: ${place}`)) + 1;

const output = (y: tf.Tensor): TracedResults => ({ outputs: { y } });
const traced = (run: (read: NamedTensors) => unknown) => {
  const signature = { inputs: { x: [2, 3] }, scalars: ["t"] };
  return trace(signature, run as (read: NamedTensors) => TracedResults); // at: the caller
};

function errorOf(run: () => unknown): TraceError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(TraceError);
    return error as TraceError;
  }
  throw new Error("nothing was thrown");
}

/** A function that cannot be traced, and what its author is told. */
interface BadFunction {
  /** Stands in the comment at the line that is at fault; "the caller" when no line within the function is. */
  readonly at: string;
  readonly run: (read: NamedTensors) => unknown;
  /** The function that is called there. */
  readonly operation?: string;
  /** What was found. */
  readonly found: string | RegExp;
  readonly wayOut: string;
}

const seconds = tf.tensor1d([1, 2, 3]);
const weight = tf.variable(tf.ones([2, 3]), true, "weight of the trace tests");
const disposed = tf.tensor1d([1, 2, 3]);
disposed.dispose();
let ofAnotherTrace: tf.Tensor = seconds;
trace({ inputs: { x: [5] } }, ({ x }) => {
  ofAnotherTrace = x;
  return output(x);
});

const asNumber = (tensor: tf.Tensor): number => tensor as unknown as number;
const asMatrix = (tensor: tf.Tensor): tf.Tensor2D => tensor as tf.Tensor2D;

const reads: readonly BadFunction[] = [
  {
    at: "dataSync",
    run: ({ x }) => output(tf.mul(x, x.dataSync()[0])), // at: dataSync
    operation: "dataSync",
    found: "reads the value of a tensor of shape [2,3]",
    wayOut: "use tf.where in place of a branch, tensor operations in place of numbers",
  },
  {
    at: "arraySync",
    run: ({ x }) => {
      const rows = tf.sum(x, 0).arraySync(); // at: arraySync
      return output(tf.tensor(rows));
    },
    operation: "arraySync",
    found: "reads the value of a tensor of shape [3]",
    wayOut: "tensor operations in place of numbers",
  },
  {
    at: "a branch",
    run: ({ x, t }) => {
      if (t.dataSync()[0] > 0) return output(x); // at: a branch
      return output(tf.neg(x));
    },
    operation: "dataSync",
    found: "reads the value of a tensor of shape []",
    wayOut: "use tf.where in place of a branch",
  },
  {
    at: "print",
    run: ({ x }) => {
      x.print(); // at: print
      return output(x);
    },
    operation: "print",
    found: "reads the value of a tensor of shape [2,3]",
    wayOut: "only when the program runs",
  },
  {
    at: "bufferSync",
    run: ({ x }) => output(x.bufferSync().toTensor()), // at: bufferSync
    operation: "bufferSync",
    found: "reads the value of a tensor of shape [2,3]",
    wayOut: "tensor operations in place of numbers",
  },
  {
    at: "data",
    run: async ({ x }) => {
      const [first] = await x.data(); // at: data
      return output(tf.mul(x, first));
    },
    operation: "data",
    found: "reads the value of a tensor of shape [2,3]",
    wayOut: "tensor operations in place of numbers",
  },
  {
    at: "array without await",
    run: ({ x }) => {
      x.array().then(console.log); // at: array without await
      return output(x);
    },
    operation: "array",
    found: "reads the value of a tensor of shape [2,3]",
    wayOut: "tensor operations in place of numbers",
  },
  {
    at: "text",
    run: ({ t }) => output(tf.tensor([`${t}`.length])), // at: text
    found: "reads the value of a tensor of shape []",
    wayOut: "only when the program runs",
  },
  {
    at: "arithmetic",
    run: ({ x, t }) => output(tf.mul(x, asNumber(t) * 2)), // at: arithmetic
    found: "uses a tensor of shape [] as a JavaScript number",
    wayOut: "tf.mul(t, 2) for t * 2",
  },
  {
    at: "a comparison",
    run: ({ x, t }) => (asNumber(t) > 0.5 ? output(x) : output(tf.neg(x))), // at: a comparison
    found: "uses a tensor of shape [] as a JavaScript number",
    wayOut: "tf.where in place of a branch",
  },
  {
    at: "Math.sin",
    run: ({ x, t }) => output(tf.mul(x, Math.sin(asNumber(t)))), // at: Math.sin
    operation: "Math.sin",
    found: "uses a tensor of shape [] as a JavaScript number",
    wayOut: "tf.sin(t) for Math.sin(t)",
  },
  {
    at: "a constant as a number",
    run: ({ x }) => output(tf.mul(x, asNumber(tf.scalar(2)) + 1)), // at: a constant as a number
    found: "uses a tensor of shape [] as a JavaScript number",
    wayOut: "use tensor operations",
  },
];

const drawing: readonly [string, (read: NamedTensors) => tf.Tensor][] = [
  ["randomNormal", ({ x }) => tf.add(x, tf.randomNormal([2, 3]))], // at: randomNormal
  ["randomUniform", ({ x }) => tf.add(x, tf.randomUniform([2, 3], 0, 1))], // at: randomUniform
  ["truncatedNormal", () => tf.truncatedNormal([2, 3], 0, 1, "float32", 7)], // at: truncatedNormal
  ["randomGamma", ({ x }) => tf.add(x, tf.randomGamma([2, 3], 1))], // at: randomGamma
  ["dropout", ({ x }) => tf.tidy(() => tf.dropout(x, 0.5))], // at: dropout
  ["multinomial", ({ x }) => tf.multinomial(asMatrix(x), 2)], // at: multinomial
  ["Math.random", ({ x }) => tf.mul(x, Math.random())], // at: Math.random
];

const draws: readonly BadFunction[] = drawing.map(([name, run]) => ({
  at: name,
  run: (read) => output(run(read)),
  operation: name === "Math.random" ? undefined : name,
  found: `draws random numbers with ${name === "Math.random" ? name : `tf.${name}`}`,
  wayOut: "make the noise an input",
}));

const states: readonly BadFunction[] = [
  {
    at: "assigning a variable",
    run: ({ x }) => {
      weight.assign(x); // at: assigning a variable
    },
    found: "assigns to a tf.Variable of shape [2,3]",
    wayOut: "return the new value as an output",
  },
  {
    at: "making a variable",
    run: ({ x }) => output(tf.mul(x, tf.variable(tf.ones([3])))), // at: making a variable
    operation: "variable",
    found: "creates a tf.Variable of shape [3]",
    wayOut: "make it an input",
  },
  {
    at: "reading a variable",
    run: ({ x }) => output(tf.mul(x, weight)), // at: reading a variable
    operation: "mul",
    found: "uses a tf.Variable of shape [2,3], whose value of now would be used at every run",
    wayOut: "make it an input, or use a copy, made outside by variable.clone()",
  },
  {
    at: "a disposed tensor",
    run: ({ x }) => output(tf.add(x, disposed)), // at: a disposed tensor
    operation: "add",
    found: /disposed/,
    wayOut: "dispose of it later",
  },
  {
    at: "a tensor of a trace that is over",
    run: ({ x }) => output(tf.add(x, ofAnotherTrace)), // at: a tensor of a trace that is over
    operation: "add",
    found: "a tensor of shape [5] that belongs to another trace",
    wayOut: "make it an input",
  },
  {
    at: "a tensor of the trace around",
    run: ({ x }) => {
      trace({ inputs: { a: [2, 3] } }, ({ a }) => output(tf.sub(a, x))); // at: a tensor of the trace around
    },
    operation: "sub",
    found: "a tensor of shape [2,3] that belongs to another trace",
    wayOut: "make it an input",
  },
];

const operations: readonly BadFunction[] = [
  {
    at: "an operation without a rule",
    run: ({ x }) => output(tf.topk(x, 2).values), // at: an operation without a rule
    operation: "topk",
    found: "operation TopK, here of a tensor of shape [2,3], has no tracing rule",
    wayOut: "compose it of operations that have one",
  },
  {
    at: "complex numbers",
    run: ({ x }) => output(tf.complex(x, x)), // at: complex numbers
    operation: "complex",
    found: /[Cc]omplex/,
    wayOut: "",
  },
  {
    at: "shapes, found here",
    run: ({ x }) => output(tf.tidy(() => tf.matMul(x, x))), // at: shapes, found here
    operation: "matMul",
    found: "matMul: [2,3] times [2,3] has inner lengths 3 and 2",
    wayOut: "",
  },
  {
    at: "shapes, found by tfjs",
    run: ({ x }) => output(tf.reshape(x, [7])), // at: shapes, found by tfjs
    operation: "reshape",
    found: /6.*7|7/,
    wayOut: "",
  },
  {
    at: "no tensor",
    run: ({ x }) => output(tf.add(x, undefined as unknown as tf.Tensor)), // at: no tensor
    operation: "add",
    found: "Argument 'b' passed to 'add' must be a Tensor or TensorLike, but got 'null'",
    wayOut: "",
  },
];

const results: readonly BadFunction[] = (
  [
    [
      async ({ x }) => output(x),
      "must be synchronous, got one that returns a promise",
      "remove async and await",
    ],
    [() => {}, "got undefined (is a return missing?)", "must return { outputs, readouts }"],
    [({ x }) => x, "got a tensor of shape [2,3]", "must return { outputs, readouts }"],
    [() => 3, "got the number 3", "must return { outputs, readouts }"],
    [() => ({ outputs: { y: 3 } }), '"y" is the number 3', "must return tensors"],
    [() => ({ outputs: { y: undefined } }), '"y" is undefined (is a return missing?)', "must return tensors"],
    [
      ({ x }) => ({ outputs: { y: (async () => x)() } }),
      '"y" is a promise (is a function in it asynchronous?)',
      "must return tensors",
    ],
    [({ x }) => ({ readouts: { x } }), 'the readout "x"', "must be a scalar, got [2,3]"],
    [({ t }) => ({ outputs: { t }, readouts: { t } }), '"t" names both an output and a readout', "rename"],
  ] as [BadFunction["run"], string, string][]
).map(([run, found, wayOut]) => ({ at: "the caller", run, found, wayOut }));

const badFunctions = [...reads, ...draws, ...states, ...operations, ...results];

describe("what cannot be traced", () => {
  it.each(badFunctions.map((bad) => [`${bad.at}: ${bad.found}`, bad] as const))("%s", (_, bad) => {
    const error = errorOf(() => traced(bad.run));
    const [what, place, ...more] = error.message.split("\n");
    expect(what).toMatch(bad.found);
    expect(what).toContain(bad.wayOut);
    expect(error.operation).toBe(bad.operation);
    expect(error.location).toMatchObject({ file: thisFile, line: lineOf(bad.at) });
    expect(place).toContain(`${thisFile}:${lineOf(bad.at)}:${error.location?.column}`);
    expect(more).toEqual([]);
  });

  it("a name for both an input and a scalar is said", () => {
    expect(() => trace({ inputs: { t: [] }, scalars: ["t"] }, ({ t }) => output(t))).toThrow(
      '"t" names both an input and a scalar; rename one of them',
    );
  });

  it("in a notebook, whose cells have neither names nor lines of their own, the line itself is shown", () => {
    const cell = (source: string) => runInThisContext(`(function (exports) {\n${source}\n})`)({ tf });
    const field = cell("return ({ x }) => exports.tf.mul(x,\n  exports.tf.tanh(x).dataSync()[0]);");
    const other = cell("return ({ x }) => ({ outputs: {\n  y: exports.tf.topk(x, 2).values } });");
    const unused = cell("return 1 +\n  2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10;");
    const place = (run: BadFunction["run"]) => errorOf(() => traced(run)).message.split("\n")[1];
    expect(place(field)).toBe("    at dataSync (notebook cell: tf.tanh(x).dataSync()[0]);)");
    expect(place(other)).toBe("    at topk (notebook cell: y: tf.topk(x, 2).values } });)");
    const second = cell("return ({ t }) =>\n  ({ outputs: { y: t * 2 } });");
    expect(place(second)).toContain(`notebook cell: line 3 of its JavaScript`);
    expect(unused).toBe(55);
  });

  it("the error of tfjs is kept as the cause", () => {
    const { cause, message } = errorOf(() => traced(({ x }) => output(tf.matMul(x, x))));
    expect(cause).toBeInstanceOf(RangeError);
    expect(message.split("\n")[0]).toBe((cause as Error).message);
  });

  it("an error of the author's own comes through unchanged", () => {
    const own = new Error("mine");
    const thrown = () => {
      try {
        traced(({ x }) => {
          tf.tidy(() => tf.tanh(x));
          throw own;
        });
      } catch (error) {
        return error;
      }
    };
    expect(thrown()).toBe(own);
    expect(own.message).toBe("mine");
  });
});

/** What tracing replaces or adds to while it runs. */
function globalState(): unknown[] {
  const engine = tf.engine();
  const { activeScope, scopeStack, gradientDepth, kernelDepth } = engine.state;
  return [
    ...[tf.getBackend(), engine.backend, globalThis.Float32Array, Error.stackTraceLimit],
    ...[Math.random, tf.Variable.prototype.assign, engine.startScope, engine.makeVariable, engine.keep],
    ...[activeScope, scopeStack.length, gradientDepth, kernelDepth],
    ...[Object.getOwnPropertyDescriptor(tf.Tensor.prototype, Symbol.toPrimitive), Object.keys(engine).join()],
    ...[tf.memory().numTensors, Object.keys(engine.state.registeredVariables).length],
  ];
}

describe("after whatever went wrong", () => {
  it("everything outside is as it was, and tracing works", () => {
    const index = fc.nat(badFunctions.length - 1);
    fc.assert(
      fc.property(fc.array(fc.record({ index, depth: fc.nat(2) }), { maxLength: 6 }), (failures) => {
        const before = globalState();
        for (const { index, depth } of failures) {
          const failing = (level: number): unknown =>
            traced(
              level === 0
                ? badFunctions[index].run
                : ({ x }) => output(tf.add(x, failing(level - 1) as tf.Tensor)),
            );
          expect(() => failing(depth)).toThrow(TraceError);
          const after = globalState();
          before.forEach((state, i) => void expect(Object.is(after[i], state)).toBe(true));
        }
        const graph = traced(({ x, t }) => output(tf.add(tf.mul(x, t), 0.1)));
        const { y } = evaluate(graph, {
          inputs: {
            x: array([
              [1, 2, 3],
              [4, 5, 6],
            ]),
          },
          scalars: { t: 2 },
        }).outputs;
        expect(Array.from(y.data)).toEqual([1, 2, 3, 4, 5, 6].map((x) => x * 2 + 0.1));
      }),
    );
  });

  it("a function that catches what is thrown inside may go on", () => {
    const graph = traced(({ x }) => {
      expect(() => trace({ inputs: { a: [2] } }, ({ a }) => output(tf.tensor(a.dataSync())))).toThrow(
        TraceError,
      );
      return output(tf.add(x, 0.7));
    });
    expect(graph.outputs.y.shape).toEqual([2, 3]);
  });
});
