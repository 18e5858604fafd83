import { expect } from "vitest";
import { cotangentName, gradientName, vjp } from "../../src/compiler/derivatives/vjp.js";
import { type Graph, resultsOf } from "../../src/compiler/graph/graph.js";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { normalArrays } from "./numbers.js";
import { type HostFunction, hostFunction, type Point, type Results } from "./programs.js";

/** The names of everything that a graph returns. */
function resultNames({ outputs, readouts }: Graph): string[] {
  return [...Object.keys(outputs), ...Object.keys(readouts)];
}

/** The names of everything that a graph reads. */
function inputNames({ inputs, scalars }: Graph): string[] {
  return [...inputs, ...scalars].map(({ name }) => name);
}

/** The gradient of every result of a graph with respect to everything that it reads. */
export function wholeVjp(graph: Graph): Graph {
  return vjp(graph, { of: resultNames(graph), withRespectTo: inputNames(graph) });
}

/** A point for `wholeVjp(graph)`: that of the graph, and random cotangents. */
export function withCotangents(graph: Graph, point: Point, seed: number): Point {
  const arrays = normalArrays(
    resultsOf(graph).map(({ shape }) => shape),
    seed,
  );
  const inputs: Record<string, NdArray> = { ...point.inputs };
  const scalars: Record<string, number> = { ...point.scalars };
  resultNames(graph).forEach((name, i) => {
    if (name in graph.readouts) scalars[cotangentName(name)] = arrays[i].data[0];
    else inputs[cotangentName(name)] = arrays[i];
  });
  return { inputs, scalars };
}

/** sum over results of <cotangent, result>: the number whose gradient a vjp is. */
function contraction({ outputs, readouts }: Results, cotangents: Point): number {
  let sum = 0;
  for (const [name, { data }] of Object.entries(outputs)) {
    const weights = cotangents.inputs[cotangentName(name)].data;
    for (let i = 0; i < data.length; i++) sum += data[i] * weights[i];
  }
  for (const [name, value] of Object.entries(readouts)) {
    sum += value * (cotangents.scalars?.[cotangentName(name)] ?? 0);
  }
  return sum;
}

/**
 * The law of every derivative: the vjp of a graph is the gradient of the contraction, by central differences of fourth
 * order in double precision. The step must not cross a kink.
 */
export function expectVjpToMatchDifferences(
  graph: Graph,
  point: Point,
  seed: number,
  tolerance = 1e-6,
): void {
  const full = withCotangents(graph, point, seed);
  const gradient = hostFunction(wholeVjp(graph)).evaluate(full).outputs;
  const run = hostFunction(graph);
  const differences = inputNames(graph).map((name) => differenceQuotients(run, full, name));
  const largest = Math.max(1, ...differences.flatMap(({ data }) => Array.from(data, Math.abs)));
  inputNames(graph).forEach((name, i) => {
    const actual = gradient[gradientName(name)];
    expect(actual, `gradient for ${name}`).toBeAllclose(differences[i], {
      relative: tolerance,
      absolute: tolerance * largest,
    });
  });
}

/** (f(x-2h) - 8 f(x-h) + 8 f(x+h) - f(x+2h)) / 12h for each element (Fornberg, 1988, table 1). */
function differenceQuotients(run: HostFunction, point: Point, name: string): NdArray {
  const isScalar = point.scalars !== undefined && name in point.scalars;
  const center: NdArray = isScalar
    ? { shape: [], data: Float64Array.of(point.scalars?.[name] ?? 0) }
    : point.inputs[name];
  const h = 1e-3;
  const quotients = Float64Array.from(center.data, (_, at) => {
    const shifted = (steps: number): number => {
      const data = Float64Array.from(center.data);
      data[at] += steps * h;
      const moved = isScalar
        ? { ...point, scalars: { ...point.scalars, [name]: data[0] } }
        : { ...point, inputs: { ...point.inputs, [name]: { shape: center.shape, data } } };
      return contraction(run.evaluate(moved), point);
    };
    return (shifted(-2) - 8 * shifted(-1) + 8 * shifted(1) - shifted(2)) / (12 * h);
  });
  return { shape: center.shape, data: quotients };
}
