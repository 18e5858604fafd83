import type { Graph } from "../../../graph/graph.js";
import type { ConcatNode, Node } from "../../../graph/node.js";
import { sizeOf, stridesOf } from "../../../shape.js";
import type { Precision } from "../../target.js";
import type { ArgumentBlock } from "../argument-block.js";
import { FunctionWriter } from "../assembler/function-writer.js";
import {
  constant,
  get,
  type Instruction,
  type Local,
  load,
  operation,
  set,
  store,
  when,
} from "../assembler/instruction.js";
import { ModuleWriter } from "../assembler/module-writer.js";
import { type VectorFormat, vectorFormats } from "../vector-format.js";
import { Locals } from "./locals.js";
import { nestCode } from "./nest/nest-writer.js";
import { type Layout, planCopy, planNest } from "./nest/plan.js";
import type { Address } from "./nest/pointers.js";
import type { NestSurroundings } from "./nest/surroundings.js";
import { ScalarValues } from "./scalar-values.js";
import { cumSumCode } from "./single/cum-sum.js";
import { gatherCode, scatterAddCode } from "./single/indexing.js";
import { linearSolveCode } from "./single/linear-solve.js";
import { type Destination, matMulCode } from "./single/mat-mul.js";
import { storeNumber } from "./single/number-access.js";
import type { Place, Storage } from "./storage.js";
import type { AccumulationTask, SingleTask, Task } from "./task.js";
import { type CodeSettings, TaskCode } from "./task-code.js";
import { isWhole, type View, type Views } from "./view.js";

/** How a program is to be written. */
export interface ProgramSettings {
  readonly precision: Precision;
  /** Whether the memory is shared between threads. */
  readonly sharedMemory: boolean;
  readonly fusedMultiplyAdd: boolean;
  /** Width of the registers in which the engine computes. */
  readonly registerBits: 128 | 256;
}

/** Writes the function of a program, task by task. */
export class ProgramWriter implements NestSurroundings {
  private readonly module: ModuleWriter;
  private readonly f = new FunctionWriter(["i32"]);
  private readonly format: VectorFormat;
  private readonly settings: CodeSettings;
  private readonly scalars: ScalarValues;
  private readonly pointers: readonly Local[];
  private readonly graph: Graph;
  private readonly views: Views;
  private readonly storage: Storage;

  constructor(
    private readonly layout: Layout,
    private readonly block: ArgumentBlock,
    { precision, sharedMemory, fusedMultiplyAdd, registerBits }: ProgramSettings,
  ) {
    const { f } = this;
    this.module = new ModuleWriter({ memory: { shared: sharedMemory } });
    const locals = new Locals(f);
    const format = vectorFormats[precision];
    this.format = format;
    this.settings = { module: this.module, locals, format, precision, fusedMultiplyAdd, registerBits };
    ({ graph: this.graph, views: this.views, storage: this.storage } = layout);
    const count = this.graph.inputs.length + Object.keys(this.graph.outputs).length;
    this.pointers = Array.from({ length: count }, () => f.local("i32"));
    this.pointers.forEach((pointer, i) => {
      f.emit(set(pointer, load("i32.load", this.scratch, block.pointers + 4 * i)));
    });
    this.scalars = new ScalarValues({
      graph: this.graph,
      views: this.views,
      settings: this.settings,
      f,
      block,
      scratch: this.scratch,
      addressOf: (view) => this.elementAddress(view),
    });
    for (const scalar of this.graph.scalars) f.emit(...this.storedScalar(scalar));
  }

  /** Adds the code of the next task. */
  writeTask(task: Task): void {
    switch (task.kind) {
      case "scalar":
        this.scalars.compute(task.node);
        this.f.emit(...this.storedScalar(task.node));
        break;
      case "nest":
        this.write((code) => nestCode(planNest(task.nest, this.layout), code, this));
        break;
      case "single":
        this.writeSingle(task);
        break;
      case "accumulation":
        this.writeAccumulation(task);
    }
  }

  /** Copies outputs that no task has written in place, and writes the readouts. */
  writeResults(): void {
    const { graph } = this;
    Object.values(graph.outputs).forEach((node, i) => {
      const base = graph.inputs.length + i;
      const view = this.views.of(node);
      const isThere = isWhole(node.shape, view) && this.placeOf(view.source)?.base === base;
      if (!isThere) this.copy(node.shape, view, { base, offset: 0 }, stridesOf(node.shape));
    });
    Object.values(graph.readouts).forEach((node, i) => {
      const value = this.scalars.of(this.views.of(node));
      this.f.emit(store("f64.store", this.scratch, value, this.block.readouts + 8 * i));
    });
  }

  /** The module, which exports the function as `run`, and the names of what it imports. */
  finish(): { bytes: Uint8Array; importedNames: readonly string[] } {
    this.module.define(this.f, "run");
    return { bytes: this.module.bytes(), importedNames: this.module.importedNames };
  }

  baseOf(base: Place["base"]): Instruction {
    if (base === "scratch") return this.scratch;
    return base === "absolute" ? constant("i32", 0) : get(this.pointers[base]);
  }

  scalarOf(view: View): Instruction {
    return this.scalars.of(view);
  }

  setScalar(node: Node, value: Instruction): Instruction[] {
    return [this.scalars.assignment(node, value), ...this.storedScalar(node)];
  }

  private get scratch(): Instruction {
    return get(this.f.parameter(0));
  }

  private placeOf(node: Node): Place | undefined {
    return this.storage.isStored(node) ? this.storage.placeOf(node) : undefined;
  }

  private elementAddress({ source, offset }: View): Address {
    const place = this.storage.placeOf(source);
    return { pointer: this.baseOf(place.base), offset: place.offset + offset * this.format.bytes };
  }

  /** Writes a number that is kept in a local to its array too, where it has one. */
  private storedScalar(node: Node): Instruction[] {
    if (!this.storage.isStored(node)) return [];
    const view = this.views.of(node);
    return [storeNumber(this.format, this.elementAddress(view), this.scalars.of(view))];
  }

  /** Writes a task's code, its constants first. */
  private write(codeOf: (code: TaskCode) => readonly Instruction[]): void {
    const code = new TaskCode(this.settings);
    const instructions = codeOf(code);
    this.f.emit(...code.prologue, ...instructions);
    this.settings.locals.releaseAll();
  }

  private writeSingle(task: SingleTask): void {
    const { node } = task;
    if (node.operation === "concat") {
      this.writeConcat(node);
      return;
    }
    this.write((code) => {
      switch (node.operation) {
        case "matMul":
          return matMulCode(node, this.destination(task, false), this.layout, code, this);
        case "gather":
          return gatherCode(node, this.layout, code, this);
        case "scatterAdd":
          return scatterAddCode(node, this.layout, code, this);
        case "cumSum":
          return cumSumCode(node, this.layout, code, this);
        case "linearSolve":
          return linearSolveCode(node, this.layout, code, this);
      }
    });
  }

  private writeAccumulation(task: AccumulationTask): void {
    const { node, product, term } = task;
    const view = this.views.of(term);
    const to = this.storage.placeOf(node);
    const from = this.storage.placeOf(view.source);
    this.write((code) => [
      ...this.unlessThere(from, to, () =>
        nestCode(
          planCopy(node.shape, view, { place: to, strides: stridesOf(node.shape) }, this.layout),
          code,
          this,
        ),
      ),
      ...matMulCode(product, this.destination(task, true), this.layout, code, this),
    ]);
  }

  /** Code that is left out where both places are the same: for those of the caller, that is seen when the program runs. */
  private unlessThere(from: Place, to: Place, copy: () => Instruction[]): Instruction[] {
    if (from.base === to.base && from.offset === to.offset) return [];
    if (typeof from.base !== "number" || typeof to.base !== "number") return copy();
    return [when(operation("i32.ne", this.baseOf(from.base), this.baseOf(to.base)), copy())];
  }

  private destination(task: SingleTask | AccumulationTask, accumulate: boolean): Destination {
    return { node: task.node, accumulate, temporary: () => this.storage.temporaryOf(task) };
  }

  private writeConcat(node: ConcatNode): void {
    const { base, offset } = this.storage.placeOf(node);
    const strides = stridesOf(node.shape);
    let start = offset;
    for (const part of node.inputs) {
      this.copy(part.shape, this.views.of(part), { base, offset: start }, strides);
      start += part.shape[node.axis] * strides[node.axis] * this.format.bytes;
    }
  }

  private copy(shape: readonly number[], view: View, place: Place, strides: readonly number[]): void {
    const size = sizeOf(shape);
    if (size === 1) {
      const address = { pointer: this.baseOf(place.base), offset: place.offset };
      this.f.emit(storeNumber(this.format, address, this.scalars.of(view)));
    } else if (size > 1) {
      this.write((code) => nestCode(planCopy(shape, view, { place, strides }, this.layout), code, this));
    }
  }
}
