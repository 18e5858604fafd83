import * as tf from "@tensorflow/tfjs-core";
import { zeros } from "../../compiler/nd-array.js";
import type { Shape } from "../../compiler/shape.js";
import type { NamedValues, Target, Value } from "../../compiler/targets/target.js";
import { type NamedTensors, trace } from "../../compiler/trace/trace.js";
import type { Optimizer } from "./optimizer.js";

/** An optimizer compiled for a set of parameters: one program updates all of them. */
export interface OptimizerProgram {
  /** State at the start: zeros for each slot of each parameter. The caller frees it. */
  initialState(): NamedValues;
  /** The next parameters and state, new values; the learning rate is multiplied by a factor. */
  update(
    params: NamedValues,
    gradients: NamedValues,
    state: NamedValues,
    iteration: number,
    learningRateFactor?: number,
  ): Updated;
  dispose(): void;
}

/** Parameters and optimizer state after an update. */
export interface Updated {
  readonly params: NamedValues;
  readonly state: NamedValues;
  /** Euclidean norm of all gradients together; not finite when any number in them is not. */
  readonly gradientNorm: number;
}

/** Compiles an optimizer for parameters of the given shapes. */
export function compileOptimizer(
  optimizer: Optimizer,
  shapes: Readonly<Record<string, Shape>>,
  target: Target,
): OptimizerProgram {
  const names = Object.keys(shapes);
  const scalars = ["rate", ...Object.keys(optimizer.scalars?.(1) ?? {})];
  const roles = ["param", "gradient", ...optimizer.slots];
  const kept = ["param", ...optimizer.slots];
  const key = (role: string, name: string): string => `${role} ${name}`;
  const inputs = Object.fromEntries(
    roles.flatMap((role) => names.map((name) => [key(role, name), shapes[name]])),
  );
  const graph = trace({ inputs, scalars }, (read) => {
    const outputs: Record<string, NamedTensors[string]> = {};
    for (const name of names) {
      const own = Object.fromEntries(roles.map((role) => [role, read[key(role, name)]]));
      const updated = optimizer.update({ ...own, ...Object.fromEntries(scalars.map((s) => [s, read[s]])) });
      for (const role of kept) outputs[key(role, name)] = updated[role];
    }
    const squares = names.map((name) => tf.sum(tf.square(read[key("gradient", name)])));
    return { outputs, readouts: { gradientNorm: tf.sqrt(tf.addN(squares)) } };
  });
  const program = target.compile(graph);
  const slotNames = optimizer.slots.flatMap((slot) => names.map((name) => ({ slot, name })));
  return {
    initialState: () =>
      Object.fromEntries(
        slotNames.map(({ slot, name }) => [key(slot, name), target.put(zeros(shapes[name]))]),
      ),
    update: (params, gradients, state, iteration, learningRateFactor = 1) => {
      const byRole = (role: string, name: string): Value => {
        if (role === "param") return params[name];
        return role === "gradient" ? gradients[name] : state[key(role, name)];
      };
      const values = roles.flatMap((role) => names.map((name) => byRole(role, name)));
      const rate = learningRateFactor * optimizer.rate(iteration);
      const numbers: Readonly<Record<string, number>> = { ...optimizer.scalars?.(iteration), rate };
      const norm = new Float64Array(1);
      const results = program.run(
        values,
        Float64Array.from(scalars, (name) => numbers[name]),
        norm,
      );
      // outputs come parameter by parameter, each followed by its slots
      const width = kept.length;
      return {
        gradientNorm: norm[0],
        params: Object.fromEntries(names.map((name, i) => [name, results[i * width]])),
        state: Object.fromEntries(
          names.flatMap((name, i) =>
            optimizer.slots.map((slot, j) => [key(slot, name), results[i * width + 1 + j]] as const),
          ),
        ),
      };
    },
    dispose: () => program.dispose(),
  };
}
