import { constant, get, type Instruction, type Local, operation, set } from "../../assembler/instruction.js";
import type { Move } from "../../assembler/repeat.js";
import type { Place } from "../storage.js";
import type { TaskCode } from "../task-code.js";
import type { Access } from "./access.js";

/** An address in two parts: what a pointer holds, and a constant that every access adds for free. */
export interface Address {
  readonly pointer: Instruction;
  readonly offset: number;
}

/** Arrays with the same base and strides, which share one pointer. */
interface PointerClass {
  readonly start: Instruction;
  readonly strides: readonly number[];
  readonly local: Local | undefined;
}

/**
 * The pointers of a nest of loops. One stands for all arrays that start from the same base and are walked over in equal
 * steps; they differ by constant offsets.
 */
export class Pointers {
  private readonly classes = new Map<string, PointerClass>();
  private readonly lengths: readonly number[];

  /**
   * @param lengths how often each loop moves its pointers on; 0 or 1 for one that does not
   * @param steps how many elements further each loop goes at a time
   * @param baseOf the address of a base
   */
  constructor(
    private readonly code: TaskCode,
    lengths: readonly number[],
    private readonly steps: readonly number[],
    private readonly baseOf: (base: Place["base"]) => Instruction,
    accesses: readonly Access[],
  ) {
    this.lengths = lengths;
    for (const access of accesses) this.classOf(access);
  }

  /** Where an access is now. */
  addressOf(access: Access): Address {
    const { local, start } = this.classOf(access);
    return { pointer: local ? get(local) : start, offset: goesBackwards(access) ? 0 : access.offset };
  }

  /** Sets all pointers to their start. */
  start(): Instruction[] {
    return [...this.classes.values()].flatMap(({ local, start }) => (local ? [set(local, start)] : []));
  }

  /** How all pointers move on at the end of one turn of a loop, back from where the loops inside it have left them. */
  moves(loop: number): Move[] {
    return [...this.classes.values()].flatMap(({ local, strides }): Move[] => {
      const inner = loop + 1;
      const back = inner < this.lengths.length ? this.travel(strides, inner) : 0;
      const elements = this.lengths[loop] > 1 ? strides[loop] * this.steps[loop] - back : 0;
      return local && elements !== 0 ? [[local, elements * this.code.settings.format.bytes]] : [];
    });
  }

  /** Elements by which a whole loop has moved a pointer on in the end. */
  private travel(strides: readonly number[], loop: number): number {
    return this.lengths[loop] > 1 ? this.lengths[loop] * strides[loop] * this.steps[loop] : 0;
  }

  private classOf(access: Access): PointerClass {
    const backwards = goesBackwards(access);
    // a pointer that goes backwards carries its offset itself, lest it pass below address 0
    const key = `${access.base}|${access.strides}${backwards ? `|${access.offset}` : ""}`;
    const known = this.classes.get(key);
    if (known) return known;
    const base = this.baseOf(access.base);
    const start = backwards ? operation("i32.add", base, constant("i32", access.offset)) : base;
    const moves = access.strides.some((stride, loop) => stride !== 0 && this.lengths[loop] > 1);
    const { strides } = access;
    const made = { start, strides, local: moves || backwards ? this.code.local("i32") : undefined };
    this.classes.set(key, made);
    return made;
  }
}

function goesBackwards({ strides }: Access): boolean {
  return strides.some((stride) => stride < 0);
}
