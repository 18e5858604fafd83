import { compile } from "../../src/compiler/compile.js";
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

/** Compiles a graph to a function of host arrays; a point may hold more than the graph reads. */
export function hostFunction(graph: Graph, target: Target = javascriptTarget): HostFunction {
  const { run, dispose } = compile(graph, { target });
  const names = [...graph.inputs, ...graph.scalars].map(({ name }) => name);
  const evaluate = ({ inputs, scalars }: Point): Results => {
    const all: Readonly<Record<string, NdArray | number>> = { ...inputs, ...scalars };
    return run(Object.fromEntries(names.map((name) => [name, all[name]])));
  };
  return { evaluate, dispose };
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
