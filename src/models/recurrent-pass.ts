import type { Target, Value } from "../compiler/targets/target.js";
import { ValueScope } from "../compiler/targets/value-scope.js";
import type { RecurrentPrograms } from "./recurrent-programs.js";

/** What a recurrent network reads; all values stay the caller's. */
export interface RecurrentInput {
  readonly sequence: Value;
  readonly params: readonly Value[];
  /** From each entry's time to that of the next. */
  readonly gaps: readonly number[];
  readonly initial: Value;
  /** Whether the pullback will be called. */
  readonly isTaped: boolean;
}

/** What is known of one step once it was taken. */
interface TakenStep {
  readonly state: Value;
  readonly entry: Value;
  readonly gap: Float64Array;
  readonly residuals: readonly Value[];
}

const none = new Float64Array(0);

/** One way of a recurrent network through a sequence, from the last entry to the first, and back. */
export class RecurrentPass {
  /** After the first entry. */
  readonly state: Value;
  private readonly scope: ValueScope;
  private readonly tape: TakenStep[] = [];

  constructor(
    private readonly programs: RecurrentPrograms,
    private readonly target: Target,
    private readonly input: RecurrentInput,
  ) {
    this.scope = new ValueScope(target);
    try {
      this.state = this.run();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Gradients for the parameters, added to sums, which stay the caller's; the caller frees the gradients. */
  pullback(cotangent: Value, sums: readonly Value[]): Value[] {
    const { programs, target, tape, input } = this;
    const scope = new ValueScope(target);
    let before = cotangent;
    let gradients = sums;
    try {
      for (const { state, entry, gap, residuals } of [...tape].reverse()) {
        const read = [state, entry, ...input.params, ...gradients, before, ...residuals];
        const found = scope.own(programs.pullback.run(read, gap, none));
        scope.free([before, ...gradients]);
        [before, ...gradients] = found;
      }
      return scope.surrender([...gradients]);
    } finally {
      scope.release();
    }
  }

  /** Frees the state and what the pullback needs. */
  release(): void {
    this.scope.release();
  }

  private run(): Value {
    const { programs, scope, tape, input } = this;
    const program = input.isTaped ? programs.differentiableStep : programs.step;
    const entries = scope.own(programs.entries.run([input.sequence], none, none));
    let state = input.initial;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      const gap = Float64Array.of(input.gaps[i]);
      const [next, ...residuals] = scope.own(program.run([state, entry, ...input.params], gap, none));
      if (input.isTaped) tape.push({ state, entry, gap, residuals });
      else scope.free([state, entry]);
      state = next;
    }
    return state;
  }
}
