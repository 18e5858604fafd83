import type { Node, ReductionKind } from "../../../../graph/node.js";
import { sizeOf } from "../../../../shape.js";
import {
  constant,
  get,
  type Instruction,
  type Local,
  load,
  operation,
  set,
  store,
} from "../../assembler/instruction.js";
import type { VectorFormat } from "../../vector-format.js";
import type { Place } from "../storage.js";
import type { TaskCode } from "../task-code.js";
import type { Access } from "./access.js";
import { fillCode } from "./fill.js";
import type { NestPlan, Operand, Reduction } from "./plan.js";
import type { Pointers } from "./pointers.js";
import type { NestSurroundings } from "./surroundings.js";
import { acrossLanes, storeLanes } from "./vector-access.js";

/** Where nothing is reduced yet, and how two partial results are combined: sums add, the others keep NaN. */
const kinds = {
  sum: { start: 0, combine: "add" },
  max: { start: Number.NEGATIVE_INFINITY, combine: "max" },
  min: { start: Number.POSITIVE_INFINITY, combine: "min" },
} as const satisfies Record<ReductionKind, unknown>;

/** The nest around the reductions. */
interface Surroundings {
  readonly lengths: readonly number[];
  readonly accesses: readonly Access[];
  readonly code: TaskCode;
  readonly pointers: Pointers;
}

/** One reduction as it is carried out. */
interface Running extends Reduction {
  readonly target: Access | undefined;
  /** Partial results lane by lane, where the last loop is reduced; else the result itself is the running one. */
  readonly accumulator: Local | undefined;
  /** Depth of the outermost of the loops at the end that are all reduced. */
  readonly level: number;
  /** Whether a loop further outside is reduced as well, so that results are added to in memory. */
  readonly isRevisited: boolean;
}

/**
 * The reductions of a nest. One along the last loop is kept in a vector until the loops that it reduces end; one that
 * only runs over outer loops adds to its results in memory, a vector at a time.
 */
export class Reductions {
  private readonly running: readonly Running[];

  constructor(
    reductions: readonly Reduction[],
    private readonly around: Surroundings,
  ) {
    this.running = reductions.map((reduction) => this.start(reduction));
  }

  private start(reduction: Reduction): Running {
    const { accesses, code, lengths } = this.around;
    const target = reduction.access === undefined ? undefined : accesses[reduction.access];
    const strides = target?.strides ?? lengths.map(() => 0);
    let level = strides.length;
    while (level > 0 && strides[level - 1] === 0) level--;
    const accumulator = level < strides.length ? code.local("v128") : undefined;
    return { ...reduction, target, accumulator, level, isRevisited: strides.slice(0, level).includes(0) };
  }

  private get format(): VectorFormat {
    return this.around.code.settings.format;
  }

  /** Gives results in memory that are added to their start. */
  fills(baseOf: (base: Place["base"]) => Instruction): Instruction[] {
    return this.running.flatMap(({ node, target, accumulator, isRevisited }) => {
      if (!target || (accumulator && !isRevisited)) return [];
      const { start } = kinds[node.kind];
      return fillCode(this.around.code, baseOf(target.base), target.offset, sizeOf(node.shape), start);
    });
  }

  /** Adds the elements of one vector, of which `count` exist. */
  add(list: Instruction[], first: number, count: number, numbers: (operand: Operand) => Instruction): void {
    for (const running of this.running) {
      const value = numbers(running.operand);
      if (running.accumulator) this.addToAccumulator(list, running, running.accumulator, value, count);
      else this.addToMemory(list, running, value, first, count);
    }
  }

  private addToAccumulator(
    list: Instruction[],
    { node }: Running,
    accumulator: Local,
    value: Instruction,
    count: number,
  ): void {
    const { code } = this.around;
    const isWhole = count >= this.format.lanes;
    const existing = isWhole
      ? value
      : operation("v128.bitselect", value, code.splat(kinds[node.kind].start), code.laneMask(count));
    list.push(set(accumulator, this.combined(node.kind, get(accumulator), existing)));
  }

  private addToMemory(
    list: Instruction[],
    { node, target }: Running,
    value: Instruction,
    first: number,
    count: number,
  ): void {
    const access = target as Access;
    const { code, lengths, pointers } = this.around;
    const address = pointers.addressOf(access);
    const stride = access.strides[lengths.length - 1];
    const { bytes } = this.format;
    const earlier = load("v128.load", address.pointer, address.offset + first * bytes);
    const sum = code.bind(list, this.combined(node.kind, earlier, value));
    list.push(...storeLanes(this.format, { address, stride, first, count }, sum));
  }

  private combined(kind: ReductionKind, a: Instruction, b: Instruction): Instruction {
    return operation(`${this.format.vector}.${kinds[kind].combine}`, a, b);
  }

  /** Sets accumulators back in front of the loops that they reduce. */
  begin(before: readonly Instruction[][]): void {
    for (const { node, accumulator, level } of this.running) {
      if (accumulator) before[level].push(set(accumulator, this.around.code.splat(kinds[node.kind].start)));
    }
  }

  /** Writes results behind the loops that they reduce. */
  end(after: readonly Instruction[][]): void {
    const { scalar } = this.format;
    for (const { node, target, accumulator, level, isRevisited } of this.running) {
      if (!accumulator || !target) continue;
      const { combine } = kinds[node.kind];
      const { pointer, offset } = this.around.pointers.addressOf(target);
      const value = acrossLanes(this.format, get(accumulator), combine);
      const earlier = load(`${scalar}.load`, pointer, offset);
      const result = isRevisited ? operation(`${scalar}.${combine}`, earlier, value) : value;
      after[level].push(store(`${scalar}.store`, pointer, result, offset));
    }
  }

  /** Reductions to a single number, as doubles. */
  scalars(): { node: Node; value: Instruction }[] {
    return this.running.flatMap(({ node, target, accumulator }) => {
      if (target || !accumulator) return [];
      const value = acrossLanes(this.format, get(accumulator), kinds[node.kind].combine);
      return [{ node, value: this.format.bytes === 4 ? operation("f64.promote_f32", value) : value }];
    });
  }
}

/** Reductions over nothing. */
export function emptyReductions(plan: NestPlan, code: TaskCode, around: NestSurroundings): Instruction[] {
  return plan.reductions.flatMap(({ node, access }) => {
    const { start } = kinds[node.kind];
    if (access === undefined) return around.setScalar(node, constant("f64", start));
    const { base, offset } = plan.accesses[access];
    return fillCode(code, around.baseOf(base), offset, sizeOf(node.shape), start);
  });
}
