import type { Graph } from "../../../graph/graph.js";
import type { Operand, Place, RowProgram, RowsStage, RunningAccess } from "../../../rows/row-program.js";
import { type Shape, sizeOf } from "../../../shape.js";
import type { Precision } from "../../target.js";
import { CompiledGraph } from "../compiled-graph.js";
import type { WasmMemory } from "../memory.js";
import { hostSources, isSelfContained } from "./host-sources.js";
import { joinedShares } from "./joined-shares.js";
import type { PortionedStage } from "./portioned-stage.js";
import { chunkRowsFor, type PortionRequest, sharesFor, threadsFor } from "./portions.js";

/** How a running result begins: with a number everywhere, or as a copy. */
export interface Beginning {
  readonly place: Place;
  readonly size: number;
  readonly from: number | Place;
}

/** A stage that is ready to run once it is told where its operands lie. */
export interface Step {
  readonly stage: PortionedStage;
  /** Of inputs, then outputs. */
  readonly places: readonly Place[];
  readonly beginnings: readonly Beginning[];
  readonly compiled: readonly CompiledGraph[];
}

/** What steps are made for. */
export interface StepSettings extends PortionRequest {
  readonly precision: Precision;
  readonly memory: WasmMemory;
}

let lastId = 0;

/** Compiles the stages of a row program. */
export class Steps {
  readonly steps: Step[] = [];
  /** Arrays that pass from step to step: those of the row program, then parts of running results. */
  readonly temporaries: Shape[];

  constructor(
    program: RowProgram,
    private readonly settings: StepSettings,
  ) {
    this.temporaries = [...program.temporaries];
    for (const stage of program.stages) {
      if (stage.kind === "rows") this.addRows(stage);
      else
        this.addWhole(
          stage.graph,
          [...stage.inputs, ...stage.outputs].map(({ place }) => place),
        );
    }
  }

  /** A step on whole arrays, by the main thread. */
  private addWhole(graph: Graph, places: readonly Place[]): void {
    const compiled = [this.compile(graph)];
    const still = places.map(() => 0);
    const portions = { rows: 1, chunkRows: 1, shares: 1, rowBytes: still, shareBytes: still };
    this.steps.push({ stage: this.portioned(compiled, portions, graph), places, beginnings: [], compiled });
  }

  /** A step on rows; where several shares add to a running result, each has a part, and another step joins them. */
  private addRows(stage: RowsStage): void {
    const { rows, elementBytes } = this.settings;
    const threads = threadsFor(stage, this.settings);
    const chunkRows = chunkRowsFor(stage, { ...this.settings, threads });
    const graph = stage.graphFor(Math.min(chunkRows, rows));
    const compiled = [this.compile(graph)];
    if (rows % chunkRows > 0) compiled.push(this.compile(stage.graphFor(rows % chunkRows)));
    const isAnywhere = Object.values(hostSources(compiled[0].importedNames)).every(isSelfContained);
    const results = runningResults(stage, graph);
    const runningBytes = results.reduce((sum, { size }) => sum + size * elementBytes, 0);
    const request = { ...this.settings, threads: isAnywhere ? threads : 1 };
    const shares = sharesFor(Math.ceil(rows / chunkRows), runningBytes, request);
    const parts = shares > 1 ? results.map(({ shape }) => this.temporary([shares, ...shape])) : undefined;
    const operands = [...stage.inputs, ...stage.outputs];
    const partOf = ({ place, access }: Operand): number =>
      parts && access.by === "running" ? results.findIndex((result) => result.place === place) : -1;
    const portions = {
      rows,
      chunkRows,
      shares,
      rowBytes: operands.map(({ access }) => (access.by === "rows" ? access.rowSize * elementBytes : 0)),
      shareBytes: operands.map((operand) => (results[partOf(operand)]?.size ?? 0) * elementBytes),
    };
    this.steps.push({
      stage: this.portioned(compiled, portions, graph),
      places: operands.map((operand) => parts?.[partOf(operand)] ?? operand.place),
      beginnings: results.map(({ place, size, access }, i) =>
        parts
          ? { place: parts[i], size: shares * size, from: access.neutral }
          : { place, size, from: access.start ?? access.neutral },
      ),
      compiled,
    });
    if (parts && results.length > 0) this.addJoin(results, parts, shares);
  }

  private addJoin(results: readonly RunningResult[], parts: readonly Place[], shares: number): void {
    const inputs = results.flatMap(({ access }, i) => (access.start ? [parts[i], access.start] : [parts[i]]));
    this.addWhole(joinedShares(results, shares), [...inputs, ...results.map(({ place }) => place)]);
  }

  private compile(graph: Graph): CompiledGraph {
    return new CompiledGraph(graph, this.settings.precision, this.settings.memory);
  }

  private temporary(shape: Shape): Place {
    return { kind: "temporary", index: this.temporaries.push(shape) - 1 };
  }

  private portioned(
    [main, last]: readonly CompiledGraph[],
    portions: Pick<PortionedStage, "rows" | "chunkRows" | "shares" | "rowBytes" | "shareBytes">,
    { scalars }: Graph,
  ): PortionedStage {
    const { threads } = this.settings;
    const buffer = (bytes: number): ArrayBufferLike =>
      threads > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
    return {
      id: ++lastId,
      ...portions,
      module: main.module,
      lastModule: last?.module,
      imports: hostSources([...main.importedNames, ...(last?.importedNames ?? [])]),
      scalarsAt: main.block.scalars,
      addressesAt: main.block.pointers,
      addresses: new Uint32Array(buffer(4 * portions.rowBytes.length)),
      scalars: new Float64Array(buffer(8 * scalars.length)),
      scratch: new Uint32Array(buffer(4 * threads)),
    };
  }
}

interface RunningResult {
  readonly place: Place;
  readonly access: RunningAccess;
  readonly shape: Shape;
  readonly size: number;
  readonly reduction: RunningAccess["reduction"];
  readonly hasStart: boolean;
}

function runningResults(stage: RowsStage, graph: Graph): RunningResult[] {
  return Object.values(graph.outputs).flatMap(({ shape }, i) => {
    const { place, access } = stage.outputs[i];
    if (access.by !== "running") return [];
    const { reduction, start } = access;
    return [{ place, access, shape, size: sizeOf(shape), reduction, hasStart: start !== undefined }];
  });
}
