import { withoutCustomGradients } from "../../derivatives/without-custom-gradients.js";
import type { Graph } from "../../graph/graph.js";
import { liveNodes, resultsOf } from "../../graph/graph.js";
import type { Node } from "../../graph/node.js";
import type { NdArray } from "../../nd-array.js";
import { constantData } from "../../operations/constants.js";
import { evaluateSource } from "../../operations/library-functions.js";
import { type Shape, sizeOf } from "../../shape.js";
import type { Program, Target, Value } from "../target.js";
import { emitTask } from "./emit.js";
import { schedule } from "./schedule.js";
import { element, type Names } from "./source.js";
import { elementsOf, planStorage } from "./storage.js";

/** V8 does not optimise functions of much more source than this: longer programs are cut into several. */
const longestFunction = 14_000;

/** A value of this target: an array of doubles on the host. */
interface HostValue extends Value {
  readonly data: Float64Array;
}

type Run = (
  values: readonly Float64Array[],
  scalars: Float64Array,
  readout: Float64Array,
  results: readonly Float64Array[],
) => void;

/** Generated JavaScript in double precision: the readable reference that the other targets are compared with. */
export const javascriptTarget: Target = {
  name: "javascript",
  precision: "float64",
  compile: (graph) => compile(withoutCustomGradients(graph)),
  put: ({ shape, data }: NdArray): HostValue => ({ shape, data: Float64Array.from(data) }),
  get: (value: Value): NdArray => ({ shape: value.shape, data: (value as HostValue).data.slice() }),
  free: () => {},
};

function compile(graph: Graph): Program {
  const { source, constants, scratch } = generate(graph);
  const shapes = Object.values(graph.outputs).map((node) => node.shape);
  const buffers = scratch.map((size) => new Float64Array(size));
  const run = evaluateSource(source, { constants, buffers }) as Run;
  return {
    code: source,
    run: (values, scalars, readout) => {
      const results = shapes.map((shape: Shape) => new Float64Array(sizeOf(shape)));
      run(
        values.map((value) => (value as HostValue).data),
        scalars,
        readout,
        results,
      );
      return results.map((data, i): HostValue => ({ shape: shapes[i], data }));
    },
    dispose: () => {},
  };
}

/** The program's source and the arrays it refers to. */
function generate(graph: Graph): {
  source: string;
  constants: Float64Array[];
  scratch: readonly number[];
} {
  const tasks = schedule(graph);
  const storage = planStorage(graph, tasks);
  const known = liveNodes(resultsOf(graph)).filter(
    (node) => node.operation === "constant" && typeof node.value !== "number",
  );
  const names: Names = {
    storage,
    constants: new Map(known.map((node, i) => [node, `k${i}`])),
    scalars: new Map(graph.scalars.map((node, i) => [node as Node, `s[${i}]`])),
  };
  const outputs = Object.values(graph.outputs);
  const pieces = [
    ...tasks.map((task) => emitTask(names, task)),
    ...outputs.map((node, i) => copyResult(names, node, `r${i}`)),
    ...Object.values(graph.readouts).map((node, i) => `o[${i}] = ${element(names, node, "0")};`),
  ];
  const functions = chunks(pieces.filter((piece) => piece !== ""));
  const source = [
    '"use strict";',
    ...known.map((_, i) => `const k${i} = constants[${i}];`),
    ...storage.scratch.map((_, i) => `const b${i} = buffers[${i}];`),
    ...graph.inputs.map((_, i) => `let v${i};`),
    ...outputs.map((_, i) => `let r${i};`),
    "let s, o;",
    ...functions.map((body, i) => `function part${i}() {\n${body}\n}`),
    "return (values, scalars, readout, results) => {",
    ...graph.inputs.map((_, i) => `v${i} = values[${i}];`),
    ...outputs.map((_, i) => `r${i} = results[${i}];`),
    "s = scalars; o = readout;",
    ...functions.map((_, i) => `part${i}();`),
    "};",
  ].join("\n");
  return { source, constants: known.map(constantData), scratch: storage.scratch };
}

/** An output that no task writes in place: an input, a constant, or what another output is already. */
function copyResult(names: Names, node: Node, target: string): string {
  const origin = elementsOf(node);
  const isArray = origin.operation !== "constant" && !names.scalars.has(origin);
  if (isArray) {
    const name = names.storage.nameOf(origin);
    return name === target ? "" : `${target}.set(${name});`;
  }
  return `for (let i = 0; i < ${sizeOf(node.shape)}; i++) ${target}[i] = ${element(names, node, "i")};`;
}

function chunks(pieces: readonly string[]): string[] {
  const bodies: string[] = [];
  let body = "";
  for (const piece of pieces) {
    if (body && body.length + piece.length > longestFunction) {
      bodies.push(body);
      body = "";
    }
    body += `${piece}\n`;
  }
  return body ? [...bodies, body] : bodies;
}
