import type { Graph } from "../../../src/compiler/graph/graph.js";
import { type NdArray, zeros } from "../../../src/compiler/nd-array.js";
import type { Operand, Place, RowProgram, Stage } from "../../../src/compiler/rows/row-program.js";
import type { Shape } from "../../../src/compiler/shape.js";
import { hostFunction, type Point, type Results } from "../../laws/programs.js";

/** Where the arrays of a row program lie while it runs. */
class Memory {
  private readonly arrays: Record<Place["kind"], NdArray[]>;

  constructor(inputs: readonly NdArray[], outputs: readonly Shape[], temporaries: readonly Shape[]) {
    // what nothing has written must not go unnoticed
    const unwritten = (shape: Shape): NdArray => {
      const array = zeros(shape);
      array.data.fill(Number.NaN);
      return array;
    };
    this.arrays = {
      input: [...inputs],
      output: outputs.map(unwritten),
      temporary: temporaries.map(unwritten),
    };
  }

  at({ kind, index }: Place): NdArray {
    return this.arrays[kind][index];
  }

  /** What an operand means for the rows from `first` on, in the shape that the graph asks for. */
  read({ place, access }: Operand, shape: Shape, first: number): NdArray {
    const { data } = this.at(place);
    if (access.by !== "rows") return { shape, data };
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, data: data.slice(first * access.rowSize, first * access.rowSize + size) };
  }

  write({ place, access }: Operand, { data }: NdArray, first: number): void {
    this.at(place).data.set(data, access.by === "rows" ? first * access.rowSize : 0);
  }
}

/** Runs a row program as a target would: each stage over all its chunks, on the reference target. */
export function runStages(graph: Graph, program: RowProgram, point: Point, chunk: number): Results {
  const outputs = Object.values(graph.outputs).map(({ shape }) => shape);
  const memory = new Memory(
    graph.inputs.map(({ name }) => point.inputs[name]),
    outputs,
    program.temporaries,
  );
  const scalars = graph.scalars.map(({ name }) => point.scalars?.[name] ?? Number.NaN);
  let readouts: Results["readouts"] = {};
  for (const stage of program.stages) {
    begin(stage, memory);
    const length = stage.kind === "rows" ? chunk : program.rows;
    let part = stage.kind === "rows" ? stage.graphFor(length) : stage.graph;
    let run = hostFunction(part);
    for (let first = 0; first < program.rows; first += length) {
      const rows = Math.min(length, program.rows - first);
      if (stage.kind === "rows" && rows < length) {
        part = stage.graphFor(rows);
        run = hostFunction(part);
      }
      const inputs = part.inputs.map(({ name, shape }, i) => [
        name,
        memory.read(stage.inputs[i], shape, first),
      ]);
      const results = run.evaluate({
        inputs: Object.fromEntries(inputs),
        scalars: Object.fromEntries(part.scalars.map(({ name }, i) => [name, scalars[i]])),
      });
      Object.values(results.outputs).forEach((array, i) => {
        memory.write(stage.outputs[i], array, first);
      });
      readouts = results.readouts;
    }
  }
  const names = Object.keys(graph.outputs);
  return {
    outputs: Object.fromEntries(names.map((name, index) => [name, memory.at({ kind: "output", index })])),
    readouts,
  };
}

/** Running results start from what was handed in, or from what leaves every other number as it is. */
function begin(stage: Stage, memory: Memory): void {
  for (const { place, access } of stage.outputs) {
    if (access.by !== "running") continue;
    const { data } = memory.at(place);
    if (access.start) data.set(memory.at(access.start).data);
    else data.fill(access.neutral);
  }
}
