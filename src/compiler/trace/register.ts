import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import type { Node } from "../graph/node.js";
import { constantData } from "../operations/constants.js";
import { shapeText } from "../shape.js";
import { foldedConstant } from "./fold-constant.js";
import { type KernelRule, kernelRules } from "./kernels.js";
import { elementTypeOf, TraceBackend, traceBackendName } from "./trace-backend.js";
import { TraceError } from "./trace-error.js";

/** tfjs's own backend in plain JavaScript, which computes what is constant. */
const cpu = quietCpuBackend();

/** The one tracing backend, with its kernels, known to tfjs. */
export const traceBackend = registered();

/** At its first use that backend prints an advertisement for another; nobody who traces has asked for it. */
function quietCpuBackend(): tf.KernelBackend {
  const backend = tf.findBackend("cpu") as tf.KernelBackend & { firstUse: boolean };
  backend.firstUse = false;
  return backend;
}

function registered(): TraceBackend {
  const backend = new TraceBackend();
  tf.registerBackend(traceBackendName, () => backend, -1);
  for (const [kernelName, rule] of Object.entries(kernelRules)) {
    tf.registerKernel({ kernelName, backendName: traceBackendName, kernelFunc: recorded(backend, rule) });
  }
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu")) {
    if (kernelName in kernelRules) continue;
    const onConstants = evaluated(backend, kernelName, kernelFunc);
    tf.registerKernel({ kernelName, backendName: traceBackendName, kernelFunc: onConstants });
  }
  return backend;
}

function recorded(backend: TraceBackend, rule: KernelRule): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const nodes: Record<string, Node> = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      if (tensor) nodes[name] = backend.nodeOf(tensor);
    }
    const { builder } = backend;
    const operands = Object.values(nodes);
    const known = operands.length > 0 && operands.every(({ operation }) => operation === "constant");
    const record = (node: Node): tf.TensorInfo =>
      backend.infoOf(known ? foldedConstant(builder, node, operands) : node);
    const result = rule(builder, nodes, attrs ?? {});
    return Array.isArray(result) ? result.map(record) : record(result);
  };
}

/** A kernel without a rule still works on constants, computed by tfjs's own cpu backend. */
function evaluated(backend: TraceBackend, kernelName: string, kernel: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const constants: tf.NamedTensorInfoMap = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      if (!tensor) continue;
      const node = backend.nodeOf(tensor);
      if (node.operation !== "constant") {
        throw new TraceError(
          `the tfjs operation ${kernelName}, here of a tensor of shape ${shapeText(node.shape)}, has no tracing rule; ` +
            "compose it of operations that have one (docs/operations.md), or apply it outside and make the result an input",
        );
      }
      const values =
        node.type === "real" ? Float32Array.from(constantData(node)) : Int32Array.from(constantData(node));
      const dataId = cpu.write(values, [...node.shape], tensor.dtype);
      constants[name] = { dataId, shape: [...node.shape], dtype: tensor.dtype };
    }
    const result = kernel({ inputs: constants, attrs, backend: cpu });
    const record = ({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo => {
      const values = cpu.readSync(dataId) as ArrayLike<number>;
      return backend.infoOf(backend.builder.constant(values, shape, elementTypeOf(dtype)));
    };
    return Array.isArray(result) ? result.map(record) : record(result);
  };
}
