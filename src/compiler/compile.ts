import type { Graph } from "./graph/graph.js";
import { type ArrayLike, array, type NdArray } from "./nd-array.js";
import { sameShape, shapeText } from "./shape.js";
import { chooseTarget, type TargetChoice } from "./targets/choose-target.js";
import type { Precision, Program, Target } from "./targets/target.js";
import { ValueScope } from "./targets/value-scope.js";

/** What a graph is compiled for. */
export interface CompileOptions {
  /**
   * Where it runs; "auto" chooses by a rule on the graph.
   * @defaultValue "auto"
   */
  readonly target?: TargetChoice;
  /** @defaultValue "float64", or that of the target if one is given itself */
  readonly precision?: Precision;
}

/** Arrays under the names of a graph's inputs, and numbers under those of its scalars. */
export type NamedArrays = Readonly<Record<string, ArrayLike>>;

/** What a compiled graph computes: its arrays and its numbers, under the names that the traced function gave them. */
export interface CompiledResults {
  readonly outputs: Readonly<Record<string, NdArray>>;
  readonly readouts: Readonly<Record<string, number>>;
}

/** A graph as a function of arrays. */
export interface CompiledGraph {
  /** The target that was chosen. */
  readonly target: Target;
  /** What was generated: source, or the bytes of a module or model; undefined when the target interprets the graph. */
  readonly code: string | Uint8Array | undefined;
  /**
   * Computes the graph once.
   *
   * @param read one array for each input and one number for each scalar, by name
   * @throws RangeError when a name is missing or unknown, or a shape is not the graph's.
   */
  run(read: NamedArrays): CompiledResults;
  /** Gives back what the program holds; it must not run afterwards. */
  dispose(): void;
  /** @internal */
  readonly program: Program;
}

/**
 * Compiles a graph to a function of arrays: one call copies them to the target, computes, and copies the results back.
 *
 * @throws TargetError when the target lacks one of the graph's operations, or the precision.
 */
export function compile(graph: Graph, options: CompileOptions = {}): CompiledGraph {
  const { target: choice = "auto" } = options;
  const { precision = typeof choice === "string" ? "float64" : choice.precision } = options;
  const target = chooseTarget(choice, precision, graph);
  const program = target.compile(graph);
  const run = (read: NamedArrays): CompiledResults => {
    const { arrays, scalars } = argumentsOf(graph, read);
    const scope = new ValueScope(target);
    const readout = new Float64Array(Object.keys(graph.readouts).length);
    try {
      const results = scope.own(program.run(scope.put(arrays), scalars, readout));
      return {
        outputs: named(graph.outputs, (i) => target.get(results[i])),
        readouts: named(graph.readouts, (i) => readout[i]),
      };
    } finally {
      scope.release();
    }
  };
  return { target, code: program.code, run, dispose: () => program.dispose(), program };
}

/** What a graph reads, in its own order. */
function argumentsOf(graph: Graph, read: NamedArrays): { arrays: NdArray[]; scalars: Float64Array } {
  const known = [...graph.inputs, ...graph.scalars];
  const unknown = Object.keys(read).find((name) => !known.some((input) => input.name === name));
  if (unknown !== undefined) {
    const names = known.map(({ name }) => name).join(", ");
    throw new RangeError(
      `the graph reads nothing called "${unknown}"; it reads ${names || "nothing at all"}`,
    );
  }
  const argument = ({ name, shape }: (typeof known)[number]): NdArray => {
    if (!(name in read))
      throw new RangeError(`the graph reads "${name}" of shape ${shapeText(shape)}; it is missing`);
    const given = array(read[name]);
    if (sameShape(given.shape, shape)) return given;
    throw new RangeError(
      `the graph reads "${name}" of shape ${shapeText(shape)}, got ${shapeText(given.shape)}; ` +
        "shapes are fixed when a function is traced: trace it again for another",
    );
  };
  return {
    arrays: graph.inputs.map(argument),
    scalars: Float64Array.from(graph.scalars, (scalar) => argument(scalar).data[0]),
  };
}

function named<T>(names: Readonly<Record<string, unknown>>, value: (i: number) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(names).map((name, i) => [name, value(i)]));
}
