import { expect } from "vitest";
import { jvp } from "../../src/compiler/derivatives/jvp.js";
import { cotangentName, gradientName, vjp } from "../../src/compiler/derivatives/vjp.js";
import { type Graph, resultsOf } from "../../src/compiler/graph/graph.js";
import type { NdArray } from "../../src/compiler/nd-array.js";
import { normalArrays } from "./numbers.js";
import { evaluate, type HostFunction, hostFunction, type Point, type Results } from "./programs.js";

/** The names of everything that a graph returns. */
export function resultNames({ outputs, readouts }: Graph): string[] {
  return [...Object.keys(outputs), ...Object.keys(readouts)];
}

/** The names of everything that a graph reads. */
export function inputNames({ inputs, scalars }: Graph): string[] {
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

/** The tangent of every result of a graph along everything that it reads. */
export function wholeJvp(graph: Graph): Graph {
  return jvp(graph, { of: resultNames(graph), withRespectTo: inputNames(graph) });
}

/** A point for a graph made from another by a derivative: random numbers for what only the new one reads. */
export function completed(graph: Graph, point: Point, seed: number): Point {
  const missing = [...graph.inputs, ...graph.scalars].filter(
    ({ name }) => !(name in point.inputs) && !(name in (point.scalars ?? {})),
  );
  const arrays = normalArrays(
    missing.map(({ shape }) => shape),
    seed,
  );
  const inputs: Record<string, NdArray> = { ...point.inputs };
  const scalars: Record<string, number> = { ...point.scalars };
  missing.forEach((node, i) => {
    if (graph.scalars.includes(node)) scalars[node.name] = arrays[i].data[0];
    else inputs[node.name] = arrays[i];
  });
  return { inputs, scalars };
}

/**
 * The law that binds both directions: <w, J v> = <J^T w, v> for random tangents v and cotangents w, up to the rounding of
 * the sums.
 */
export function expectJvpToMatchVjp(graph: Graph, point: Point, seed: number): void {
  const forward = wholeJvp(graph);
  const moving = completed(forward, point, seed);
  const withSeeds = withCotangents(graph, point, seed + 1);
  const pushed = valuesOf(evaluate(forward, moving));
  const pulled = valuesOf(evaluate(wholeVjp(graph), withSeeds));
  const cotangents = resultNames(graph).map((name) => valueAt(withSeeds, cotangentName(name)));
  const tangents = [
    ...forward.inputs.slice(graph.inputs.length),
    ...forward.scalars.slice(graph.scalars.length),
  ].map(({ name }) => valueAt(moving, name));
  const forwards = products(pushed, cotangents);
  const backwards = products(pulled, tangents);
  const size = [...forwards, ...backwards].reduce((total, term) => total + Math.abs(term), 0);
  expect(sum(forwards)).toBeAllclose(sum(backwards), { relative: 0, absolute: 1e-12 * size });
}

function valuesOf({ outputs, readouts }: Results): ArrayLike<number>[] {
  return [
    ...Object.values(outputs).map(({ data }) => data),
    ...Object.values(readouts).map((value) => [value]),
  ];
}

function valueAt({ inputs, scalars = {} }: Point, name: string): ArrayLike<number> {
  return name in scalars ? [scalars[name]] : inputs[name].data;
}

function products(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number[] {
  return a.flatMap((values, i) => Array.from(values, (value, at) => value * b[i][at]));
}

const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0);

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
