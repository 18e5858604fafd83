import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { gradientName, vjp } from "../../src/compiler/derivatives/vjp.js";
import type { Graph } from "../../src/compiler/graph/graph.js";
import { type Node, uniformValue } from "../../src/compiler/graph/node.js";
import { elementwiseTable } from "../../src/compiler/operations/elementwise-table.js";
import type { Target } from "../../src/compiler/targets/target.js";
import { toleranceOf } from "../../src/compiler/targets/tolerance.js";
import { kernelRules } from "../../src/compiler/trace/kernels.js";
import { allTargets } from "../laws/programs.js";
import { graphOf, type OperationFamily, ownNodesOf } from "./operation-cases.js";
import type { OperationCase, OperationRow } from "./operation-row.js";

/** One line of the document: a tfjs function, uses of it, and what is to be said about them. */
interface Entry {
  readonly name: string;
  readonly cases: readonly OperationCase[];
  readonly notes: readonly string[];
}

const targets: readonly Target[] = allTargets.filter(
  ({ name }, i) => name !== "javascript" && allTargets.findIndex((other) => other.name === name) === i,
);

/** The table of operations as a document. */
export function operationDocument(families: readonly OperationFamily[]): string {
  const tables = families.flatMap(({ title, rows }) => [`## ${title}`, table(entriesOf(rows))]);
  return `${[introduction, ...tables, "## What has no rule", withoutRule()].join("\n\n")}\n`;
}

const introduction = `# Operations

The tfjs functions that a traced function may use, written from the table that the tests run
(\`npm run unit -- tests/compiler/operation-document.test.ts -u\` writes this file anew). Functions that tfjs composes of
these, such as \`tf.meanSquaredError\`, work as well.

For every one of them, at random shapes: every target gives what the target \`javascript\` gives, up to the tolerance; that
is what tfjs itself gives; \`vjp\` gives what differences give, in the second derivative too; \`jvp\` and \`vjp\` are adjoint.

- **becomes**: the primitive operations of the graph; which of them depends on shapes and on what is known.
- **derivative**: that of any order, forwards and backwards; or 0, of what is constant almost everywhere and of integers.
- **tolerance**: how far a target may be from the exact result y for operands of order one: r |y| + a for "r + a", in units
  of the precision's epsilon (2^-52 in float64, 2^-23 in float32).

${primitives()}`;

function primitives(): string {
  const elementwise = Object.keys(elementwiseTable).map((name) => `\`${name}\``);
  return `The elementwise primitives are ${elementwise.join(", ")};
the others are \`cast\`, \`reshape\`, \`broadcast\`, \`transpose\`, \`concat\`, \`slice\` (with strides), \`gather\`, \`scatterAdd\`,
\`cumSum\`, \`reduce\` (sum, max, min) and \`matMul\`.`;
}

/** One entry for all rows of a function; what it becomes is told of its plain use. */
function entriesOf(rows: readonly OperationRow[]): Entry[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.map((name) => {
    const own = rows.filter((row) => row.name === name);
    const plain = own.find(({ variant }) => variant === undefined) ?? own[0];
    const cases = fc.sample(plain.cases, { numRuns: 30, seed: 1 });
    return { name, cases, notes: [...new Set(own.flatMap(({ note }) => note ?? []))] };
  });
}

function table(entries: readonly Entry[]): string {
  const headings = ["tfjs", "becomes", "derivative", ...targets.map(({ name }) => name), "notes"];
  const lines = entries.map(({ name, cases, notes }) => {
    const nodes = cases.map(ownNodesOf);
    const operations = [...new Set(nodes.flat().map(({ operation }) => operation))].sort();
    return [
      `\`${name}\``,
      operations.join(", ") || "a constant",
      derivativeOf(cases.map(graphOf)),
      ...targets.map((target) => toleranceText(target, nodes)),
      notes.join("; "),
    ];
  });
  return [headings, headings.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function derivativeOf(graphs: readonly Graph[]): string {
  const constant = graphs.every((graph) => {
    const names = graph.inputs.map(({ name }) => name);
    const { outputs } = vjp(graph, { of: Object.keys(graph.outputs), withRespectTo: names });
    return names.every((name) => uniformValue(outputs[gradientName(name)]) === 0);
  });
  return constant ? "0" : "any order";
}

/** "exact", or as "16 + 2": the largest tolerance of any case. */
function toleranceText(target: Target, nodes: readonly (readonly Node[])[]): string {
  const epsilon = target.precision === "float64" ? 2 ** -52 : 2 ** -23;
  const tolerances = nodes.map((own) => toleranceOf(target, own));
  const largest = (select: "relative" | "absolute"): number =>
    Math.round(Math.max(...tolerances.map((tolerance) => tolerance[select])) / epsilon);
  return largest("relative") === 0 ? "exact" : `${largest("relative")} + ${largest("absolute")}`;
}

function withoutRule(): string {
  const names = tf
    .getKernelsForBackend("cpu")
    .map(({ kernelName }) => kernelName)
    .filter((name) => !(name in kernelRules))
    .sort();
  return `These kernels of tfjs can be applied to constants while tracing, but not to what depends on inputs: ${names.join(", ")}.`;
}
