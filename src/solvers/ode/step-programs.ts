import type { Graph } from "../../compiler/graph/graph.js";
import { SharedCache } from "../../compiler/targets/shared-cache.js";
import type { Program, Target } from "../../compiler/targets/target.js";
import type { TracedEvent } from "./event.js";
import { numberOf } from "./object-numbers.js";
import type { KeptResiduals, OdeGraphs, OptionalCotangents } from "./ode-graphs.js";
import { residualSizes } from "./residual-memory.js";
import type { Residuals } from "./step-records.js";

/** How many sets of events are kept compiled for the next solve. */
const cachedEvents = 4;

/** First places of the programs: one that comes in kinds has a place for each of them. */
const places = { interpolation: 0, interpolationPullback: 1, step: 2, pullback: 6 };

/** The programs of one method's step on a target, each compiled at first use. */
export class StepPrograms {
  private readonly compiled: (Program | undefined)[] = [];
  private readonly events = new SharedCache<Program>(cachedEvents);
  private readonly residualsOf: (Residuals | undefined)[] = [];
  /** How many values a step hands on to the next. */
  readonly carried: number;

  constructor(
    private readonly graphs: OdeGraphs,
    private readonly target: Target,
  ) {
    this.carried = (graphs.method.carriesSlope ? 2 : 1) * graphs.stateNames.length;
  }

  step(dense: boolean, residuals: boolean): Program {
    const place = places.step + (dense ? 2 : 0) + (residuals ? 1 : 0);
    const { graphs } = this;
    return (
      this.compiled[place] ??
      this.compile(place, residuals ? graphs.splitStep(this.kept(dense)) : graphs.step({ dense }))
    );
  }

  /** Where what that step's pullback needs is among its results. */
  residuals(dense: boolean): Residuals {
    const kind = dense ? 1 : 0;
    this.residualsOf[kind] ??= {
      dense,
      places: this.graphs.residualPlaces(this.kept(dense)),
      from: this.carried + (dense ? this.graphs.denseNames.length : 0),
    };
    return this.residualsOf[kind];
  }

  pullback({ error, stiffness, dense }: OptionalCotangents, residuals: Residuals | undefined): Program {
    const withResiduals = residuals === undefined ? 0 : residuals.dense ? 2 : 1;
    const cotangents = (error ? 4 : 0) + (stiffness ? 2 : 0) + (dense ? 1 : 0);
    const place = places.pullback + 8 * withResiduals + cotangents;
    return (
      this.compiled[place] ?? this.compile(place, this.pullbackGraph({ error, stiffness, dense }, residuals))
    );
  }

  get interpolation(): Program {
    const place = places.interpolation;
    return this.compiled[place] ?? this.compile(place, this.graphs.interpolation());
  }

  get interpolationPullback(): Program {
    const place = places.interpolationPullback;
    return this.compiled[place] ?? this.compile(place, this.graphs.interpolationPullback());
  }

  /** What events watch, in use until released. */
  watch(functions: readonly TracedEvent[]): { readonly value: Program; release(): void } {
    const key = functions.map(numberOf).join();
    return this.events.acquire(key, () => this.target.compile(this.graphs.events(functions)));
  }

  dispose(): void {
    for (const program of this.compiled.splice(0)) program?.dispose();
    this.events.clear();
  }

  private pullbackGraph(wanted: OptionalCotangents, residuals: Residuals | undefined): Graph {
    return residuals
      ? this.graphs.splitStepPullback(wanted, this.kept(residuals.dense))
      : this.graphs.stepPullback(wanted);
  }

  /** Which residuals are kept of a step with or without dense output. */
  private kept(dense: boolean): KeptResiduals {
    return { dense, sizes: residualSizes[this.target.name] };
  }

  private compile(place: number, graph: Graph): Program {
    const program = this.target.compile(graph);
    this.compiled[place] = program;
    return program;
  }
}
