import type { Graph } from "../../src/compiler/graph/graph.js";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { javascriptTarget } from "../../src/compiler/targets/javascript/javascript-target.js";
import { onnxTarget } from "../../src/compiler/targets/onnx/onnx-target.js";
import type { Target } from "../../src/compiler/targets/target.js";
import { tfjsTarget } from "../../src/compiler/targets/tfjs/tfjs-target.js";
import { wasmTarget } from "../../src/compiler/targets/wasm/wasm-target.js";

/** Every target in every precision that it has. */
export const allTargets: readonly Target[] = [
  javascriptTarget,
  onnxTarget({ precision: "float64", threads: 1 }),
  onnxTarget({ precision: "float32", threads: 1 }),
  tfjsTarget,
  wasmTarget({ precision: "float64" }),
  wasmTarget({ precision: "float32" }),
];

/** "onnx float32", for the names of tests. */
export const targetText = ({ name, precision }: Target): string => `${name} ${precision}`;

/** Arrays and scalars under the names of a graph's inputs. */
export interface Point {
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly scalars?: Readonly<Record<string, number>>;
}

/** A graph's results as arrays and numbers on the host. */
export interface Results {
  readonly outputs: Readonly<Record<string, NdArray>>;
  readonly readouts: Readonly<Record<string, number>>;
}

/** A graph as a function of host arrays, and how to give back what it holds. */
export interface HostFunction {
  evaluate(point: Point): Results;
  dispose(): void;
}

/** Compiles a graph to a function of host arrays. */
export function hostFunction(graph: Graph, target: Target = javascriptTarget): HostFunction {
  const program = target.compile(graph);
  const evaluate = ({ inputs, scalars = {} }: Point): Results => {
    const values = graph.inputs.map(({ name }) => target.put(inputs[name]));
    const readout = new Float64Array(Object.keys(graph.readouts).length);
    const steering = Float64Array.from(graph.scalars, ({ name }) => scalars[name]);
    const results = program.run(values, steering, readout);
    const outputs = Object.keys(graph.outputs).map((name, i) => [name, target.get(results[i])] as const);
    for (const value of [...values, ...results]) target.free(value);
    return {
      outputs: Object.fromEntries(outputs),
      readouts: Object.fromEntries(Object.keys(graph.readouts).map((name, i) => [name, readout[i]])),
    };
  };
  return { evaluate, dispose: () => program.dispose() };
}

/** Runs a graph once. */
export function evaluate(graph: Graph, point: Point, target?: Target): Results {
  const { evaluate: run, dispose } = hostFunction(graph, target);
  try {
    return run(point);
  } finally {
    dispose();
  }
}
