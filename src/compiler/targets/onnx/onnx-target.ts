import type { Tensor } from "onnxruntime-node";
import { withoutCustomGradients } from "../../derivatives/without-custom-gradients.js";
import type { Graph } from "../../graph/graph.js";
import type { NdArray } from "../../nd-array.js";
import { availableThreads } from "../available-threads.js";
import type { Precision, Program, Target, Value } from "../target.js";
import { inputName, lower, resultName } from "./lowering.js";
import { type NamedOrtTensors, openSession, runtime } from "./session.js";

/** A value of this target: a tensor of onnxruntime in the host's memory. */
interface OrtValue extends Value {
  readonly tensor: Tensor;
}

/** Options of the onnx target. */
export interface OnnxOptions {
  readonly precision: Precision;
  /** Threads per program. @defaultValue the number of processors, at most 8 */
  readonly threads?: number;
}

const arrays = { float32: Float32Array, float64: Float64Array };

/** Programs run by onnxruntime on the processor, synchronously: for large matrix products. */
export function onnxTarget({ precision, threads = availableThreads() }: OnnxOptions): Target {
  return {
    name: "onnx",
    precision,
    compile: (graph) => compile(withoutCustomGradients(graph), precision, threads),
    put: ({ shape, data }: NdArray): OrtValue => {
      const { Tensor } = runtime();
      return { shape, tensor: new Tensor(precision, arrays[precision].from(data), [...shape]) };
    },
    get: (value: Value): NdArray => {
      const data = (value as OrtValue).tensor.data as Float64Array | Float32Array;
      return { shape: value.shape, data: data.slice() };
    },
    free: () => {},
  };
}

function compile(graph: Graph, precision: Precision, threads: number): Program {
  const { bytes, inputs } = lower(graph, precision);
  const session = openSession(bytes, threads);
  const { Tensor } = runtime();
  const scalarArrays = graph.scalars.map(() => new arrays[precision](1));
  const scalarFeeds: NamedOrtTensors = {};
  graph.scalars.forEach(({ name }, i) => {
    if (inputs.has(name)) scalarFeeds[inputName(name)] = new Tensor(precision, scalarArrays[i], []);
  });
  const outputs = Object.entries(graph.outputs).map(([name, { shape }]) => ({
    key: resultName(name),
    shape,
  }));
  const readouts = Object.keys(graph.readouts).map(resultName);
  const fetches = Object.fromEntries(
    [...outputs.map(({ key }) => key), ...readouts].map((key) => [key, null]),
  );
  return {
    code: bytes,
    run: (values, scalars, readout) => {
      scalarArrays.forEach((array, i) => {
        array[0] = scalars[i];
      });
      const feeds: NamedOrtTensors = { ...scalarFeeds };
      graph.inputs.forEach(({ name }, i) => {
        if (inputs.has(name)) feeds[inputName(name)] = (values[i] as OrtValue).tensor;
      });
      const results = session.run(feeds, fetches);
      readouts.forEach((key, i) => {
        readout[i] = Number(results[key].data[0]);
      });
      return outputs.map(({ key, shape }): OrtValue => ({ shape, tensor: results[key] }));
    },
    dispose: () => session.dispose(),
  };
}
