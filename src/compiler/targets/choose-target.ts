import { type Graph, liveNodes, resultsOf, uses } from "../graph/graph.js";
import type { Node } from "../graph/node.js";
import { sizeOf } from "../shape.js";
import { availableThreads } from "./available-threads.js";
import { javascriptTarget } from "./javascript/javascript-target.js";
import { onnxTarget } from "./onnx/onnx-target.js";
import { type Precision, type Target, TargetError, type TargetName } from "./target.js";
import { tfjsTarget } from "./tfjs/tfjs-target.js";
import { registerBits } from "./wasm/features.js";
import { wasmTarget } from "./wasm/wasm-target.js";

/** A target itself, its name, or "auto" to have one chosen for the graph. */
export type TargetChoice = Target | TargetName | "auto";

/**
 * Floating-point operations per evaluation above which `auto` prefers onnxruntime to generated WebAssembly: in larger
 * matrix products its wider vectors, on all processors, outweigh what its calls cost.
 */
const largeGraph = 1e6;

/**
 * The target that a choice stands for.
 *
 * `auto` follows a rule on the graph, so that a run repeats on any machine: wasm while one evaluation of the graph takes
 * fewer than a million floating-point operations or solves a linear system, else (or without a graph to look at) onnx. Once
 * `useWideVectors` has had effect, wasm is faster at any size: then it takes onnx's place, with as many threads.
 *
 * @throws TargetError when the target does not compute in the precision.
 */
export function chooseTarget(choice: TargetChoice, precision: Precision, graph?: Graph): Target {
  const target = typeof choice === "string" ? named(choice, precision, graph) : choice;
  if (target.precision !== precision) {
    throw new TargetError(
      `the target "${target.name}" computes in ${target.precision}, but ${precision} was asked for; ` +
        'use the target "wasm" or "onnx", which have both, or change the precision',
    );
  }
  return target;
}

function named(name: TargetName | "auto", precision: Precision, graph: Graph | undefined): Target {
  switch (name) {
    case "javascript":
      return javascriptTarget;
    case "onnx":
      return sharedOnnx(precision);
    case "tfjs":
      return tfjsTarget;
    case "auto":
      return graph && suitsWasm(graph) ? sharedWasm(precision) : forLargeGraphs(precision);
    case "wasm":
      return sharedWasm(precision);
    default:
      throw new TargetError(`unknown target "${name}"; choose auto, javascript, onnx, tfjs or wasm`);
  }
}

/** What computes large graphs fastest. */
function forLargeGraphs(precision: Precision): Target {
  return registerBits() === 256 ? sharedWasm(precision, availableThreads()) : sharedOnnx(precision);
}

/** Whether a graph is small, or solves linear systems, which onnxruntime cannot. */
function suitsWasm(graph: Graph): boolean {
  return uses(graph, "linearSolve") || floatingPointOperations(graph) < largeGraph;
}

/** The targets that names stand for, made when they are first wanted: threads share memory, for which addresses are reserved. */
const shared = new Map<string, Target>();

function sharedTarget(key: string, make: () => Target): Target {
  const target = shared.get(key) ?? make();
  shared.set(key, target);
  return target;
}

const sharedOnnx = (precision: Precision): Target =>
  sharedTarget(`onnx ${precision}`, () => onnxTarget({ precision }));

const sharedWasm = (precision: Precision, threads = 1): Target =>
  sharedTarget(`wasm ${precision} ${threads}`, () => wasmTarget({ precision, threads }));

/** Floating-point operations of one run: two per term of a matrix product, one per element of anything else. */
export function floatingPointOperations(graph: Graph): number {
  return liveNodes(resultsOf(graph)).reduce((sum, node) => sum + operationsOf(node), 0);
}

function operationsOf(node: Node): number {
  if (node.operation === "input" || node.operation === "constant" || node.operation === "reshape") return 0;
  if (node.operation === "reduce") return sizeOf(node.inputs[0].shape);
  if (node.operation !== "matMul") return sizeOf(node.shape);
  const { shape } = node.inputs[0];
  return 2 * sizeOf(node.shape) * shape[shape.length - (node.transposeA ? 2 : 1)];
}
