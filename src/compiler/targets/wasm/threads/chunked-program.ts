import type { Graph } from "../../../graph/graph.js";
import type { Place, RowProgram } from "../../../rows/row-program.js";
import { splitRows } from "../../../rows/split-rows.js";
import { type Shape, sizeOf } from "../../../shape.js";
import type { Precision, Program, Value } from "../../target.js";
import type { WasmMemory } from "../memory.js";
import type { ScratchArea } from "../scratch-area.js";
import { vectorFormats } from "../vector-format.js";
import { WasmValue } from "../wasm-value.js";
import { isWorthCutting, type PortionLimits, type PortionRequest, portionLimits } from "./portions.js";
import type { PortableGraph } from "./prepared-code.js";
import type { Beginning } from "./running-results.js";
import { type Step, Steps } from "./steps.js";
import type { Team } from "./team.js";

/** What chunked programs of a target share. */
export interface TeamSurroundings<Code> {
  readonly precision: Precision;
  readonly memory: WasmMemory;
  /** One area for each thread of the team. */
  readonly scratch: readonly ScratchArea[];
  readonly team: Team<Code>;
  compile(graph: Graph): PortableGraph<Code>;
}

/**
 * A program that computes the rows of a batch in chunks, on all threads of a team; undefined where the rows depend on each
 * other, or are so few that the graph is better computed as a whole.
 */
export function chunkedProgram<Code>(
  graph: Graph,
  around: TeamSurroundings<Code>,
  limits = portionLimits,
): Program | undefined {
  const program = splitRows(graph, limits.leastRows);
  if ("refused" in program) return undefined;
  const request = requestOf(program, around, limits);
  return isWorthCutting(program, request) ? programOf(graph, program, request, around) : undefined;
}

/** A program that computes a graph in one piece, on the calling thread. */
export function wholeProgram<Code>(graph: Graph, around: TeamSurroundings<Code>): Program {
  const places = (kind: Place["kind"], nodes: readonly unknown[]) =>
    nodes.map((_, index) => ({ place: { kind, index }, access: { by: "whole" } }) as const);
  const inputs = places("input", graph.inputs);
  const outputs = places("output", Object.values(graph.outputs));
  const program: RowProgram = {
    rows: 1,
    stages: [{ kind: "shared", inputs, outputs, graph }],
    temporaries: [],
  };
  return programOf(graph, program, requestOf(program, around, portionLimits), around);
}

function requestOf(
  { rows }: RowProgram,
  { precision, team }: TeamSurroundings<unknown>,
  limits: PortionLimits,
): PortionRequest {
  return { rows, elementBytes: vectorFormats[precision].bytes, threads: team.threads, limits };
}

function programOf<Code>(
  graph: Graph,
  program: RowProgram,
  request: PortionRequest,
  around: TeamSurroundings<Code>,
): Program {
  const { list, temporaries } = new Steps(program, { ...request, compile: (stage) => around.compile(stage) });
  const outputs = Object.values(graph.outputs).map(({ shape }) => shape);
  return new ChunkedProgram(list, { outputs, temporaries }, around);
}

class ChunkedProgram<Code> implements Program {
  readonly code: Uint8Array;
  private readonly addresses: Record<Place["kind"], number[]> = { input: [], output: [], temporary: [] };
  private isDisposed = false;

  constructor(
    private readonly steps: readonly Step<Code>[],
    private readonly shapes: { readonly outputs: readonly Shape[]; readonly temporaries: readonly Shape[] },
    private readonly around: TeamSurroundings<Code>,
  ) {
    const longest = this.compiled.reduce((a, b) => (b.bytes.length > a.bytes.length ? b : a));
    this.code = longest.bytes;
    for (const { scratchBytes } of this.compiled) {
      for (const area of around.scratch) area.reserve(scratchBytes);
    }
  }

  run(values: readonly Value[], scalars: Float64Array, readout: Float64Array): Value[] {
    const { memory, scratch } = this.around;
    const { addresses, shapes } = this;
    const results = shapes.outputs.map((shape) => new WasmValue(shape, this.bytesOf(shape), memory));
    addresses.input = values.map((value) => (value as WasmValue).addressIn(memory));
    addresses.output = results.map(({ address }) => address);
    addresses.temporary = shapes.temporaries.map((shape) => memory.allocate(this.bytesOf(shape)));
    try {
      for (const step of this.steps) this.runStep(step, scalars);
    } catch (error) {
      for (const result of results) result.free();
      throw error;
    } finally {
      shapes.temporaries.forEach((shape, i) => {
        memory.release(addresses.temporary[i], this.bytesOf(shape));
      });
    }
    const readouts = scratch[0].address / 8;
    for (let i = 0; i < readout.length; i++) readout[i] = memory.float64[readouts + i];
    return results;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    for (const { stage } of this.steps) this.around.team.forget(stage);
    for (const compiled of this.compiled) {
      for (const area of this.around.scratch) area.release(compiled.scratchBytes);
      compiled.release();
    }
  }

  private get compiled() {
    return this.steps.flatMap(({ compiled }) => compiled);
  }

  private bytesOf(shape: Shape): number {
    return sizeOf(shape) * vectorFormats[this.around.precision].bytes;
  }

  private runStep({ stage, places, beginnings }: Step<Code>, scalars: Float64Array): void {
    const { scratch, team } = this.around;
    for (const beginning of beginnings) this.begin(beginning);
    for (let i = 0; i < places.length; i++) stage.addresses[i] = this.addressOf(places[i]);
    for (let i = 0; i < stage.scalars.length; i++) stage.scalars[i] = scalars[i];
    for (let thread = 0; thread < scratch.length; thread++) stage.scratch[thread] = scratch[thread].address;
    team.run(stage);
  }

  private addressOf({ kind, index }: Place): number {
    return this.addresses[kind][index];
  }

  private begin({ place, size, from }: Beginning): void {
    const { memory, precision } = this.around;
    const array = memory[precision];
    const { bytes } = vectorFormats[precision];
    const start = this.addressOf(place) / bytes;
    if (typeof from === "number") array.fill(from, start, start + size);
    else array.copyWithin(start, this.addressOf(from) / bytes, this.addressOf(from) / bytes + size);
  }
}
