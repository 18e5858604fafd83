import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Graph } from "../../../../src/compiler/graph/graph.js";
import {
  type OnnxCode,
  portableModel,
  prepareModel,
} from "../../../../src/compiler/targets/onnx/onnx-code.js";
import { onnxTarget } from "../../../../src/compiler/targets/onnx/onnx-target.js";
import type { Program } from "../../../../src/compiler/targets/target.js";
import { WasmMemory } from "../../../../src/compiler/targets/wasm/memory.js";
import { ScratchArea } from "../../../../src/compiler/targets/wasm/scratch-area.js";
import {
  chunkedProgram,
  type TeamSurroundings,
} from "../../../../src/compiler/targets/wasm/threads/chunked-program.js";
import type { PortableGraph, Prepare } from "../../../../src/compiler/targets/wasm/threads/prepared-code.js";
import { SoloTeam } from "../../../../src/compiler/targets/wasm/threads/team.js";
import {
  portableModule,
  prepareModule,
  type WasmCode,
} from "../../../../src/compiler/targets/wasm/threads/wasm-code.js";
import { WorkerTeam } from "../../../../src/compiler/targets/wasm/threads/worker-team.js";
import { wasmTarget } from "../../../../src/compiler/targets/wasm/wasm-target.js";
import { WasmValue } from "../../../../src/compiler/targets/wasm/wasm-value.js";
import { tsit5 } from "../../../../src/solvers/tableaux/tsit5.js";
import { wholeVjp } from "../../../laws/gradients.js";
import { anySeed } from "../../../laws/numbers.js";
import { evaluate, type Results } from "../../../laws/programs.js";
import { batchedFields, odeGraphsOf } from "../../rows/batched-fields.js";
import { rowExpressionGraph } from "../../rows/row-expressions.js";
import { pointOf } from "../../rows/stage-laws.js";

const threadCounts = [1, 2, 3];

/** Limits under which small graphs are cut in every way. */
const anyLimits = fc.record({
  leastRows: fc.constant(2),
  chunkLengths: fc.constantFrom([2], [5, 3], [8, 4, 1]),
  rowTile: fc.constantFrom(1, 2, 4),
  cacheBytes: fc.constantFrom(64, 512),
  leastWork: fc.constantFrom(0, 1e9),
  partsBytes: fc.constantFrom(0, 400, 1e6),
});
const anyGraph = fc
  .record({
    seed: anySeed,
    rows: fc.integer({ min: 8, max: 21 }),
    width: fc.integer({ min: 2, max: 4 }),
    hidden: fc.integer({ min: 1, max: 4 }),
    derivative: fc.boolean(),
  })
  .map(({ derivative, ...expression }) => {
    const graph = rowExpressionGraph(expression);
    return derivative ? wholeVjp(graph) : graph;
  });

/** How the chunks of a program are computed. */
interface Kind<Code> {
  readonly prepare: Prepare<Code>;
  compile(graph: Graph, memory: WasmMemory): PortableGraph<Code>;
  /** How many graphs to try. */
  readonly graphs: number;
}

const modules: Kind<WasmCode> = {
  prepare: prepareModule,
  compile: (graph, memory) => portableModule(graph, "float64", memory),
  graphs: 40,
};
const models: Kind<OnnxCode> = {
  prepare: prepareModel,
  compile: (graph) => portableModel(graph, "float64", 1),
  graphs: 15,
};

function surroundings<Code>({ prepare, compile }: Kind<Code>, threads: number): TeamSurroundings<Code> {
  const memory = new WasmMemory({ shared: threads > 1 });
  const team =
    threads > 1 ? new WorkerTeam(memory.memory, threads, prepare) : new SoloTeam(memory.memory, prepare);
  const scratch = Array.from({ length: threads }, () => new ScratchArea(memory));
  const precision = "float64";
  return { precision, memory, team, scratch, compile: (graph) => compile(graph, memory) };
}

const kinds = threadCounts.flatMap((threads) => [
  { name: "modules", threads, graphs: modules.graphs, around: surroundings(modules, threads) },
  { name: "models", threads, graphs: models.graphs, around: surroundings(models, threads) },
]);

describe.each(kinds)("a chunked program of $name on $threads threads", ({ around, graphs }) => {
  const { memory, team } = around as TeamSurroundings<unknown>;
  afterAll(() => {
    if (team instanceof WorkerTeam) team.stop();
  });

  /** Runs a program once, and gives back everything but the program. */
  function run(program: Program, graph: Graph, seed: number): Results {
    const { inputs, scalars = {} } = pointOf(graph, seed);
    const values = graph.inputs.map(({ name, shape }) => {
      const value = new WasmValue(shape, 8 * inputs[name].data.length, memory);
      memory.write("float64", value.address, inputs[name].data);
      return value;
    });
    const readout = new Float64Array(Object.keys(graph.readouts).length);
    const steering = Float64Array.from(graph.scalars, ({ name }) => scalars[name]);
    const results = program.run(values, steering, readout) as WasmValue[];
    const outputs = Object.keys(graph.outputs).map((name, i) => {
      const { shape, address } = results[i];
      const data = memory.read(
        "float64",
        address,
        shape.reduce((a, b) => a * b, 1),
      );
      return [name, { shape, data }] as const;
    });
    for (const value of [...values, ...results]) value.free();
    return {
      outputs: Object.fromEntries(outputs),
      readouts: Object.fromEntries(Object.keys(graph.readouts).map((name, i) => [name, readout[i]])),
    };
  }

  it("returns what the reference returns, twice the same bits, and leaves no memory in use", () => {
    let cut = 0;
    fc.assert(
      fc.property(anyGraph, anyLimits, anySeed, (graph, limits, seed) => {
        const before = memory.bytesInUse;
        const program = chunkedProgram<unknown>(graph, around as TeamSurroundings<unknown>, limits);
        if (!program) return;
        cut++;
        const expected = evaluate(graph, pointOf(graph, seed));
        const actual = run(program, graph, seed);
        const close = { relative: 1e-9, absolute: 1e-9 };
        for (const [name, array] of Object.entries(expected.outputs)) {
          expect(actual.outputs[name], name).toBeAllclose(array, close);
        }
        for (const [name, value] of Object.entries(expected.readouts)) {
          expect(actual.readouts[name], name).toBeAllclose(value, close);
        }
        expect(run(program, graph, seed)).toEqual(actual);
        program.dispose();
        program.dispose();
        expect(memory.bytesInUse).toBe(before);
      }),
      { numRuns: graphs },
    );
    expect(cut).toBeGreaterThan(graphs / 2);
  });
});

describe.each([
  { name: "wasm", make: wasmTarget },
  { name: "onnx", make: onnxTarget },
])("large batches on the $name target", ({ make }) => {
  const graphs = odeGraphsOf(batchedFields[0], tsit5, { rows: 130, width: 16, hidden: 96 });
  const works = {
    step: graphs.step({ dense: false }),
    pullback: graphs.stepPullback({ error: true, stiffness: true, dense: false }),
  };

  it.each(threadCounts)("are computed as on the reference, with %i threads", (threads) => {
    for (const graph of Object.values(works)) {
      const expected = evaluate(graph, pointOf(graph, 3));
      const actual = evaluate(graph, pointOf(graph, 3), make({ precision: "float64", threads }));
      for (const [name, array] of Object.entries(expected.outputs)) {
        expect(actual.outputs[name], name).toBeAllclose(array, { relative: 1e-9, absolute: 1e-9 });
      }
    }
  });

  it.each(threadCounts)("repeat bit for bit from target to target, with %i threads", (threads) => {
    for (const graph of Object.values(works)) {
      const once = (): Results => evaluate(graph, pointOf(graph, 4), make({ precision: "float32", threads }));
      const first = once();
      for (let i = 0; i < 3; i++) expect(once()).toEqual(first);
    }
  });
});
