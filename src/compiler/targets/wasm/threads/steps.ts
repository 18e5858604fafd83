import type { Graph } from "../../../graph/graph.js";
import type { Place, RowProgram, RowsStage } from "../../../rows/row-program.js";
import type { Shape } from "../../../shape.js";
import { joinedShares } from "./joined-shares.js";
import type { PortionedStage } from "./portioned-stage.js";
import { chunkRowsFor, type PortionRequest, sharesFor, threadsFor } from "./portions.js";
import type { PortableGraph } from "./prepared-code.js";
import { type Beginning, type RunningResult, runningResultsOf } from "./running-results.js";

/** A stage that is ready to run once it is told where its operands lie. */
export interface Step<Code> {
  readonly stage: PortionedStage<Code>;
  /** Of inputs, then outputs. */
  readonly places: readonly Place[];
  readonly beginnings: readonly Beginning[];
  readonly compiled: readonly PortableGraph<Code>[];
}

/** What steps are made for. */
export interface StepSettings<Code> extends PortionRequest {
  compile(graph: Graph): PortableGraph<Code>;
}

/** What differs between a stage by rows and one on whole arrays. */
type Portions = Pick<PortionedStage, "rows" | "chunkRows" | "shares" | "rowBytes" | "shareBytes">;

let lastId = 0;

/** Compiles the stages of a row program. */
export class Steps<Code> {
  readonly list: Step<Code>[] = [];
  /** Arrays that pass from step to step: those of the row program, then parts of running results. */
  readonly temporaries: Shape[];

  constructor(
    program: RowProgram,
    private readonly settings: StepSettings<Code>,
  ) {
    this.temporaries = [...program.temporaries];
    for (const stage of program.stages) {
      const places = [...stage.inputs, ...stage.outputs].map(({ place }) => place);
      if (stage.kind === "rows") this.addRows(stage, places);
      else this.addWhole(stage.graph, places);
    }
  }

  /** A step on whole arrays, by the main thread. */
  private addWhole(graph: Graph, places: readonly Place[]): void {
    const still = places.map(() => 0);
    const portions = { rows: 1, chunkRows: 1, shares: 1, rowBytes: still, shareBytes: still };
    this.add([this.settings.compile(graph)], portions, { places, beginnings: [] });
  }

  /** A step on rows; where several shares add to a running result, each has a part, and another step joins them. */
  private addRows(stage: RowsStage, places: readonly Place[]): void {
    const { rows, elementBytes } = this.settings;
    const threads = threadsFor(stage, this.settings);
    const chunkRows = chunkRowsFor(stage, { ...this.settings, threads });
    const graph = stage.graphFor(Math.min(chunkRows, rows));
    const compiled = [this.settings.compile(graph)];
    if (rows % chunkRows > 0) compiled.push(this.settings.compile(stage.graphFor(rows % chunkRows)));
    const results = runningResultsOf(stage, graph);
    const shares = this.sharesOf(compiled, Math.ceil(rows / chunkRows), results, threads);
    const parts = new Map(
      shares === 1 ? [] : results.map((result) => [result.place, this.partsOf(result, shares)]),
    );
    const sizes = new Map(results.map(({ place, size }) => [place, size]));
    const portions = {
      rows,
      chunkRows,
      shares,
      rowBytes: [...stage.inputs, ...stage.outputs].map(({ access }) =>
        access.by === "rows" ? access.rowSize * elementBytes : 0,
      ),
      shareBytes: places.map((place) => (parts.has(place) ? (sizes.get(place) as number) * elementBytes : 0)),
    };
    const beginnings = results.map(({ place, size, start, neutral }): Beginning => {
      const own = parts.get(place);
      return own
        ? { place: own, size: shares * size, from: neutral }
        : { place, size, from: start ?? neutral };
    });
    this.add(compiled, portions, { places: places.map((place) => parts.get(place) ?? place), beginnings });
    if (parts.size > 0) this.addJoin(results, parts, shares);
  }

  private addJoin(results: readonly RunningResult[], parts: ReadonlyMap<Place, Place>, shares: number): void {
    const inputs = results.flatMap(({ place, start }) => [
      parts.get(place) as Place,
      ...(start ? [start] : []),
    ]);
    this.addWhole(joinedShares(results, shares), [...inputs, ...results.map(({ place }) => place)]);
  }

  private sharesOf(
    [{ runsAnywhere }]: readonly PortableGraph<Code>[],
    chunks: number,
    results: readonly RunningResult[],
    threads: number,
  ): number {
    const elements = results.reduce((sum, { size }) => sum + size, 0);
    const request = { ...this.settings, threads: runsAnywhere ? threads : 1 };
    return sharesFor(chunks, elements * this.settings.elementBytes, request);
  }

  /** A new temporary for the parts of a running result, one after the other. */
  private partsOf({ shape }: RunningResult, shares: number): Place {
    return { kind: "temporary", index: this.temporaries.push([shares, ...shape]) - 1 };
  }

  private add(
    compiled: readonly PortableGraph<Code>[],
    portions: Portions,
    operands: Pick<Step<Code>, "places" | "beginnings">,
  ): void {
    const [main, last] = compiled;
    const { threads } = this.settings;
    const buffer = (bytes: number): ArrayBufferLike =>
      threads > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
    const stage: PortionedStage<Code> = {
      id: ++lastId,
      ...portions,
      code: main.code,
      lastCode: last?.code,
      scalarsAt: main.block.scalars,
      addressesAt: main.block.pointers,
      addresses: new Uint32Array(buffer(4 * operands.places.length)),
      scalars: new Float64Array(buffer(main.block.pointers - main.block.scalars)),
      scratch: new Uint32Array(buffer(4 * threads)),
    };
    this.list.push({ stage, compiled, ...operands });
  }
}
