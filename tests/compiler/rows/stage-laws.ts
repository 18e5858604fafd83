import { expect } from "vitest";
import type { Graph } from "../../../src/compiler/graph/graph.js";
import type { RowProgram } from "../../../src/compiler/rows/row-program.js";
import { splitRows } from "../../../src/compiler/rows/split-rows.js";
import { distinctArrays } from "../../laws/numbers.js";
import { evaluate, type Point } from "../../laws/programs.js";
import { runStages } from "./run-stages.js";

/** Splits a graph that can be split. */
export function split(graph: Graph): RowProgram {
  const program = splitRows(graph);
  if ("refused" in program) throw new Error(`unexpectedly refused: ${program.refused}`);
  return program;
}

/** Inputs and scalars of a graph, spread over an interval. */
export function pointOf(
  { inputs, scalars }: Graph,
  seed: number,
  domain: readonly [number, number] = [-1, 1],
): Point {
  const all = [...inputs, ...scalars];
  const arrays = distinctArrays(
    all.map(({ shape }) => shape),
    domain,
    seed,
  );
  return {
    inputs: Object.fromEntries(inputs.map(({ name }, i) => [name, arrays[i]])),
    scalars: Object.fromEntries(scalars.map(({ name }, i) => [name, arrays[inputs.length + i].data[0]])),
  };
}

/** The law of a split: whatever the chunks, the stages compute what the whole graph computes, up to the order of sums. */
export function expectStagesToMatch(
  graph: Graph,
  program: RowProgram,
  seed: number,
  domain?: readonly [number, number],
): void {
  const point = pointOf(graph, seed, domain);
  const whole = evaluate(graph, point);
  const close = { relative: 1e-9, absolute: 1e-9 };
  for (const chunk of new Set([1, Math.ceil(program.rows / 2), program.rows])) {
    const { outputs, readouts } = runStages(graph, program, point, chunk);
    for (const [name, array] of Object.entries(whole.outputs)) {
      expect(outputs[name], `output ${name} in chunks of ${chunk}`).toBeAllclose(array, close);
    }
    for (const [name, value] of Object.entries(whole.readouts)) {
      expect(readouts[name], `readout ${name} in chunks of ${chunk}`).toBeAllclose(value, close);
    }
  }
}
