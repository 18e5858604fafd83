import type { Node } from "../../../../graph/node.js";
import { type Instruction, load, operation } from "../../assembler/instruction.js";
import { moved, repeat } from "../../assembler/repeat.js";
import type { VectorFormat } from "../../vector-format.js";
import type { TaskCode } from "../task-code.js";
import type { View } from "../view.js";
import { type Access, joinedLoops } from "./access.js";
import type { NestPlan, Operand } from "./plan.js";
import { Pointers } from "./pointers.js";
import { emptyReductions, Reductions } from "./reductions.js";
import type { NestSurroundings } from "./surroundings.js";
import { type Lanes, loadLanes, storeLanes } from "./vector-access.js";
import { VectorValues } from "./vector-values.js";

/** Rows of up to this many vectors are written out; longer ones are loops. */
const LONGEST_WRITTEN_OUT = 4;

/**
 * Vectors of one turn of such a loop: two, so that the processor has other work while one waits for its own results, and
 * that V8 can pair them in wide vectors.
 */
const VECTORS_PER_TURN = 2;

/** The code of a nest of loops; its last loop runs along vectors. */
export function nestCode(plan: NestPlan, code: TaskCode, around: NestSurroundings): Instruction[] {
  if (plan.shape.includes(0)) return emptyReductions(plan, code, around);
  return new NestWriter(plan, code, around).write();
}

class NestWriter {
  private readonly lengths: readonly number[];
  private readonly accesses: readonly Access[];
  /** Number of whole vectors along the last loop, and of elements behind them. */
  private readonly vectors: number;
  private readonly rest: number;
  private readonly pointers: Pointers;
  private readonly reductions: Reductions;
  /** What is computed in front of a loop and behind it; entry i belongs to the loop at depth i. */
  private readonly before: Instruction[][];
  private readonly after: Instruction[][];
  private readonly repeated = new Map<number, Instruction>();
  private readonly scalars = new Map<View, Instruction>();

  constructor(
    private readonly plan: NestPlan,
    private readonly code: TaskCode,
    private readonly around: NestSurroundings,
  ) {
    const { lengths, accesses } = joinedLoops(plan.shape, plan.accesses);
    const { lanes } = this.format;
    this.lengths = lengths;
    this.accesses = accesses;
    const row = lengths[lengths.length - 1];
    this.vectors = Math.floor(row / lanes);
    this.rest = row % lanes;
    const outer = lengths.slice(0, -1);
    const turns = [...outer, this.turns];
    const steps = [...outer.map(() => 1), lanes * VECTORS_PER_TURN];
    this.pointers = new Pointers(code, turns, steps, (base) => around.baseOf(base), accesses);
    this.before = lengths.map(() => []);
    this.after = lengths.map(() => []);
    this.reductions = new Reductions(plan.reductions, { lengths, accesses, code, pointers: this.pointers });
  }

  private get format(): VectorFormat {
    return this.code.settings.format;
  }

  /** Turns of the last loop, if it is one in the code too; else 0. */
  private get turns(): number {
    return this.vectors > LONGEST_WRITTEN_OUT ? Math.floor(this.vectors / VECTORS_PER_TURN) : 0;
  }

  write(): Instruction[] {
    const row = this.row();
    this.reductions.begin(this.before);
    this.reductions.end(this.after);
    const scalars = this.reductions.scalars();
    const code = [...this.reductions.fills((base) => this.around.baseOf(base)), ...this.pointers.start()];
    code.push(...this.nested(0, row));
    for (const { node, value } of scalars) code.push(...this.around.setScalar(node, value));
    return code;
  }

  /** The loops from a depth on. */
  private nested(depth: number, row: readonly Instruction[]): Instruction[] {
    const inside = depth === this.lengths.length - 1 ? row : this.counted(depth, row);
    return [...this.before[depth], ...inside, ...this.after[depth]];
  }

  private counted(depth: number, row: readonly Instruction[]): Instruction[] {
    const body = [...this.nested(depth + 1, row), ...this.pointers.moves(depth).flatMap(moved)];
    return repeat(this.code, this.lengths[depth], [], body);
  }

  /** The last loop: whole vectors, then the elements behind them. */
  private row(): Instruction[] {
    const { lanes } = this.format;
    const { turns } = this;
    const moves = this.pointers.moves(this.lengths.length - 1);
    const left = this.vectors - turns * VECTORS_PER_TURN;
    const row = [
      ...repeat(this.code, turns, moves, this.vectorsOf(VECTORS_PER_TURN)),
      ...this.vectorsOf(left),
    ];
    if (this.rest === 0) return row;
    const writes = this.vector(row, left * lanes, this.rest);
    return [...row, ...writes];
  }

  /** So many vectors side by side. They are written in the end: V8 does not pair vectors over a write between them. */
  private vectorsOf(count: number): Instruction[] {
    const { lanes } = this.format;
    const list: Instruction[] = [];
    const writes = Array.from({ length: count }, (_, i) => this.vector(list, i * lanes, lanes));
    return [...list, ...writes.flat()];
  }

  /** Computes the elements of one vector; `first` counts from where the pointers are. Gives the code that writes them. */
  private vector(list: Instruction[], first: number, count: number): Instruction[] {
    const context = this.code.at(list);
    const loaded = new Map<number, Instruction>();
    const read = (operand: Exclude<Operand, { kind: "step" }>): Instruction => {
      if (operand.kind === "scalar") return this.scalar(operand.view);
      const { access } = operand;
      if (this.strideOf(access) === 0) return this.element(access);
      const known = loaded.get(access);
      if (known) return known;
      const vector = context.bind(loadLanes(this.format, this.lanes(access, first, count)));
      loaded.set(access, vector);
      return vector;
    };
    const values = new VectorValues(this.plan, context, read);
    const stores = new Map(this.plan.stores.map((store) => [stepOf(store.value), store]));
    const writes: Instruction[] = [];
    const write = ({ value, access }: NestPlan["stores"][number]): void => {
      const vector = context.bind(values.numbers(value));
      writes.push(...storeLanes(this.format, this.lanes(access, first, count), vector));
    };
    for (const node of this.plan.steps) {
      values.compute(node);
      const store = stores.get(node);
      if (store) write(store);
    }
    for (const store of this.plan.stores) if (!stepOf(store.value)) write(store);
    this.reductions.add(list, first, count, (operand) => values.numbers(operand));
    return writes;
  }

  private lanes(access: number, first: number, count: number): Lanes {
    const stride = this.strideOf(access);
    const address = this.pointers.addressOf(this.accesses[access]);
    return { address, stride, first: first * stride, count };
  }

  private strideOf(access: number): number {
    return this.accesses[access].strides[this.lengths.length - 1];
  }

  /** An element that is the same along the last loop, in every lane: read as far outside as it does not change. */
  private element(access: number): Instruction {
    const known = this.repeated.get(access);
    if (known) return known;
    const { pointer, offset } = this.pointers.addressOf(this.accesses[access]);
    const value = load(this.format.splat, pointer, offset);
    const vector = this.code.bind(this.before[levelOf(this.accesses[access])], value);
    this.repeated.set(access, vector);
    return vector;
  }

  /** One number for the whole nest, in every lane. */
  private scalar(view: View): Instruction {
    const known = this.scalars.get(view);
    if (known) return known;
    const { source } = view;
    const vector =
      source.operation === "constant" && typeof source.value === "number"
        ? this.code.splat(source.value)
        : this.code.bind(this.code.prologue, splatted(this.format, this.around.scalarOf(view)));
    this.scalars.set(view, vector);
    return vector;
  }
}

function stepOf(operand: Operand): Node | undefined {
  return operand.kind === "step" ? operand.node : undefined;
}

/** Depth of the innermost loop in front of which an access that is constant along the last one can be read. */
function levelOf({ strides }: Access): number {
  let level = strides.length - 1;
  while (level > 0 && strides[level - 1] === 0) level--;
  return level;
}

function splatted({ bytes, vector }: VectorFormat, number: Instruction): Instruction {
  return operation(`${vector}.splat`, bytes === 4 ? operation("f32.demote_f64", number) : number);
}
