import { elementwiseFunction, isElementwiseName } from "../../operations/elementwise-table.js";
import { type MatrixView, solveLinearSystem } from "../../operations/solve-linear-system.js";
import type { Precision } from "../target.js";
import { linearSolveFunction } from "./lowering/single/linear-solve.js";
import type { WasmMemory } from "./memory.js";
import { vectorFormats } from "./vector-format.js";

type HostFunction = (...x: number[]) => number | undefined;

/** The functions that a module imports, by name: on doubles, or on matrices in its memory. */
export function hostFunctions(
  names: readonly string[],
  memory: WasmMemory,
  precision: Precision,
): Record<string, HostFunction> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      name === linearSolveFunction ? linearSolveIn(memory, precision) : hostFunction(name),
    ]),
  );
}

function linearSolveIn(memory: WasmMemory, precision: Precision): HostFunction {
  const { bytes } = vectorFormats[precision];
  return (n, m, ...views) => {
    const data = memory[precision];
    const [a, b, x] = [0, 3, 6].map((at): MatrixView => {
      const [address, rowStride, columnStride] = views.slice(at, at + 3);
      return { data, start: address / bytes, rowStride, columnStride };
    });
    solveLinearSystem(n, m, a, b, x);
    return undefined;
  };
}

function hostFunction(name: string): HostFunction {
  if (isElementwiseName(name)) return elementwiseFunction(name);
  throw new Error(`internal: a program imports "${name}", which the host does not have`);
}
