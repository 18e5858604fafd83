import type { Graph } from "../../../graph/graph.js";
import type { Place } from "../../../rows/row-program.js";
import { splitRows } from "../../../rows/split-rows.js";
import { type Shape, sizeOf } from "../../../shape.js";
import type { Precision, Program, Value } from "../../target.js";
import type { WasmMemory } from "../memory.js";
import type { ScratchArea } from "../scratch-area.js";
import { vectorFormats } from "../vector-format.js";
import { WasmValue } from "../wasm-value.js";
import { isWorthCutting, portionLimits } from "./portions.js";
import type { Beginning } from "./running-results.js";
import { type Step, Steps } from "./steps.js";
import type { Team } from "./team.js";

/** What chunked programs of a target share. */
export interface TeamSurroundings {
  readonly precision: Precision;
  readonly memory: WasmMemory;
  /** One area for each thread of the team. */
  readonly scratch: readonly ScratchArea[];
  readonly team: Team;
}

/**
 * A program that computes the rows of a batch in chunks, on all threads of a team; undefined where the rows depend on each
 * other, or are so few that the graph is better computed as a whole.
 */
export function chunkedProgram(
  graph: Graph,
  around: TeamSurroundings,
  limits = portionLimits,
): Program | undefined {
  const { memory, precision, team } = around;
  const program = splitRows(graph, limits.leastRows);
  if ("refused" in program) return undefined;
  const elementBytes = vectorFormats[precision].bytes;
  const request = { rows: program.rows, elementBytes, threads: team.threads, limits };
  if (!isWorthCutting(program, request)) return undefined;
  const { list, temporaries } = new Steps(program, { ...request, precision, memory });
  const outputs = Object.values(graph.outputs).map(({ shape }) => shape);
  return new ChunkedProgram(list, { outputs, temporaries }, around);
}

class ChunkedProgram implements Program {
  readonly code: Uint8Array;
  private readonly addresses: Record<Place["kind"], number[]> = { input: [], output: [], temporary: [] };
  private isDisposed = false;

  constructor(
    private readonly steps: readonly Step[],
    private readonly shapes: { readonly outputs: readonly Shape[]; readonly temporaries: readonly Shape[] },
    private readonly around: TeamSurroundings,
  ) {
    const longest = this.compiled.reduce((a, b) => (b.code.length > a.code.length ? b : a));
    this.code = longest.code;
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

  private runStep({ stage, places, beginnings }: Step, scalars: Float64Array): void {
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
