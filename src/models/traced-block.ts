import { vjp } from "../compiler/derivatives/vjp.js";
import { zeros } from "../compiler/nd-array.js";
import type { Shape } from "../compiler/shape.js";
import type { NamedValues, Program, Target, Value } from "../compiler/targets/target.js";
import { type NamedTensors, trace } from "../compiler/trace/trace.js";
import type { Block } from "./block.js";

/** A block written as a traced function. */
export interface TracedBlockOptions {
  /** Names and shapes of what it reads. */
  readonly reads: Readonly<Record<string, Shape>>;
  /** Names among `reads` whose gradients are wanted. */
  readonly withRespectTo: readonly string[];
  /** Names among the results that carry a cotangent; the others are only looked at. */
  readonly of: readonly string[];
  /** Traced: the function itself. */
  readonly run: (read: NamedTensors) => NamedTensors;
}

const none = new Float64Array(0);

/** Compiles a traced function as a block. Its pullback computes the function again rather than keep its intermediates. */
export function tracedBlock({ reads, withRespectTo, of, run }: TracedBlockOptions, target: Target): Block {
  const graph = trace({ inputs: reads }, (read) => ({ outputs: run(read) }));
  const results = Object.keys(graph.outputs);
  const program = target.compile(graph);
  const zeroCotangents = new Map<string, Value>();
  let pullback: Program | undefined;
  const cotangentOf = (name: string, given: NamedValues): Value => {
    const value = given[name] ?? zeroCotangents.get(name) ?? target.put(zeros(graph.outputs[name].shape));
    if (!(name in given)) zeroCotangents.set(name, value);
    return value;
  };
  return {
    forward: (read) => {
      const values = Object.keys(reads).map((name) => read[name]);
      const written = program.run(values, none, none);
      return {
        written: Object.fromEntries(results.map((name, i) => [name, written[i]])),
        penalty: 0,
        pullback: (cotangents) => {
          pullback ??= target.compile(vjp(graph, { of, withRespectTo }));
          const given = of.map((name) => cotangentOf(name, cotangents));
          const gradients = pullback.run([...values, ...given], none, none);
          return Object.fromEntries(withRespectTo.map((name, i) => [name, gradients[i]]));
        },
        release: () => {
          for (const value of written) target.free(value);
        },
      };
    },
    dispose: () => {
      program.dispose();
      pullback?.dispose();
      for (const value of zeroCotangents.values()) target.free(value);
    },
  };
}
