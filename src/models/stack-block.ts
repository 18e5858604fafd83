import * as tf from "@tensorflow/tfjs-core";
import type { Shape } from "../compiler/shape.js";
import type { Target } from "../compiler/targets/target.js";
import type { Block } from "./block.js";
import { tracedBlock } from "./traced-block.js";

/** The name under which a stack is written. */
export const stackName = "stack";

/** The names under which the entries of a stack are read. */
export const entryNames = (count: number): string[] => Array.from({ length: count }, (_, i) => `entry${i}`);

/** Many values of one shape as one with a leading axis. */
export function stackBlock(count: number, shape: Shape, target: Target): Block {
  const names = entryNames(count);
  return tracedBlock(
    {
      reads: Object.fromEntries(names.map((name) => [name, shape])),
      withRespectTo: names,
      of: [stackName],
      run: (entries) => ({ [stackName]: tf.stack(names.map((name) => entries[name])) }),
    },
    target,
  );
}
