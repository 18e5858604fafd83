import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Engine, Reply, Request } from "../../bench/engine.js";
import { precisionChart } from "../../bench/work-precision/chart.js";
import { costAt } from "../../bench/work-precision/cost.js";
import { fields } from "../../bench/work-precision/fields.js";
import { measurePrecision, type PrecisionRow, scaledError } from "../../bench/work-precision/measure.js";
import {
  choices,
  type PrecisionProblem,
  readPrecisionProblems,
} from "../../bench/work-precision/problems.js";
import { precisionTable } from "../../bench/work-precision/table.js";
import { compile } from "../../src/compiler/compile.js";
import { trace } from "../../src/compiler/trace/trace.js";
import { chartBundle } from "../../src/report/chart.js";
import { referenceProblem } from "../reference-data.js";
import { type Arithmetic, evaluate } from "../solvers/ode/expression.js";

const problems = readPrecisionProblems(new URL("../reference/ode-problems.json", import.meta.url));

const operations: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "**": (a, b) => a ** b,
};

/** A right-hand side of the reference data, in doubles. */
function referenceSlope({ name, params }: PrecisionProblem, t: number, y: readonly number[]): number[] {
  const arithmetic: Arithmetic<number> = {
    constant: (value) => value,
    variable: (key) =>
      key === "t" ? t : key.startsWith("p.") ? params[key.slice(2)] : y[Number(/\d+/.exec(key)?.[0])],
    apply: (operation, left, right) => operations[operation](left, right),
    call: (_, argument) => Math.sqrt(argument),
  };
  return referenceProblem(name).rhs.map((text) => evaluate(text, arithmetic));
}

describe.each(problems)("the field of $name", (problem) => {
  test("is that of the reference data", () => {
    const { name, y0, y1, params } = problem;
    const inputs = { y: [y0.length], ...Object.fromEntries(Object.keys(params).map((key) => [key, []])) };
    const graph = trace({ inputs, scalars: ["t"] }, ({ y, t, ...p }) => ({
      outputs: { slope: fields[name](t, y, p) },
    }));
    const program = compile(graph, { target: "javascript" });
    // around the orbits, where no bodies collide
    const near = fc.tuple(
      ...y0.map((value, i) =>
        fc.double({ min: -0.1, max: 0.1, noNaN: true }).map((d) => [value, y1[i]][i % 2] + d),
      ),
    );
    fc.assert(
      fc.property(near, (y) => {
        const { slope } = program.run({ y, ...params, t: 0 }).outputs;
        const wanted = referenceSlope(problem, 0, y);
        expect(scaledError(Array.from(slope.data), wanted)).toBeLessThan(1e-9);
      }),
      { numRuns: 20 },
    );
  });
});

describe("the problems", () => {
  test("are those of the reference data that have a title, with as many end values as components", () => {
    expect(problems.map(({ name }) => name)).toEqual(Object.keys(choices));
    for (const { y0, y1 } of problems) expect(y1).toHaveLength(y0.length);
    expect(problems.every(({ name }) => name in fields)).toBe(true);
  });
});

const positive = fc.double({ min: 1e-12, max: 1e6, noNaN: true });

describe("the cost of an error", () => {
  /** A method of a given order: cost = scale error^(-1/order), exactly. */
  const methodOf = (order: number, scale: number) => (error: number) => ({
    error,
    cost: scale * error ** (-1 / order),
  });

  test("is exact where error and cost follow a power law, whichever points were measured", () => {
    const errors = fc.uniqueArray(fc.integer({ min: -24, max: 0 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(
        errors,
        fc.integer({ min: 1, max: 8 }),
        positive,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (powers, order, scale, share) => {
          const sorted = [...powers].sort((a, b) => b - a);
          const law = methodOf(order, scale);
          const [loosest, tightest] = [sorted[0], sorted[sorted.length - 1]];
          const wanted = 10 ** ((loosest + share * (tightest - loosest)) / 2);
          const found =
            costAt(
              wanted,
              sorted.map((power) => law(10 ** (power / 2))),
            ) ?? Number.NaN;
          expect(found / law(wanted).cost).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  test("is that of the loosest tolerance where it does better, and unknown where none does", () => {
    fc.assert(
      fc.property(positive, positive, positive, (error, cost, factor) => {
        const points = [{ error, cost }];
        expect(costAt(error * (1 + factor), points)).toBe(cost);
        expect(costAt(error / (2 + factor), points)).toBeUndefined();
      }),
    );
  });

  test("lies between those of the two points around it, though errors rise on the way", () => {
    const points = fc.array(fc.record({ error: positive, cost: positive }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(points, positive, (measured, wanted) => {
        const found = costAt(wanted, measured);
        const at = measured.findIndex(({ error }) => error <= wanted);
        const costs = measured.slice(Math.max(0, at - 1), at + 1).map(({ cost }) => cost);
        if (at < 0) expect(found).toBeUndefined();
        else {
          expect(found).toBeGreaterThanOrEqual(Math.min(...costs) * (1 - 1e-9));
          expect(found).toBeLessThanOrEqual(Math.max(...costs) * (1 + 1e-9));
        }
      }),
    );
  });
});

/** A library whose error is the tolerance; it takes ten times longer for each digit, and may fail from one on. */
function fakeLibrary(problem: PrecisionProblem, firstMilliseconds: number, failsBelow: number): Engine {
  return {
    greeting: { engine: "library 1.0", method: "", seconds: 0, megabytes: 0 },
    async ask({ tolerance = 0 }: Request): Promise<Reply> {
      const milliseconds = [(firstMilliseconds * 1e-3) / tolerance];
      const y1 =
        tolerance < failsBelow ? null : problem.y1.map((value) => value + tolerance * (1 + Math.abs(value)));
      return { milliseconds, nfe: Math.round(1 / tolerance), norms: {}, y1 };
    },
    async stop() {},
  };
}

describe("measuring", () => {
  const [problem] = problems;
  const measured = (milliseconds: number, failsBelow: number): Promise<PrecisionRow[]> =>
    measurePrecision(
      problem,
      [
        {
          engine: fakeLibrary(problem, milliseconds, failsBelow),
          methods: { nonstiff: ["a", "b"], stiff: ["c"] },
        },
      ],
      { rounds: 2, onProgress: () => {} },
    );

  test("asks each method of a suitable kind for each tolerance, and tells error and cost", async () => {
    const rows = await measured(1e-6, 0);
    expect(new Set(rows.map(({ method }) => method))).toEqual(new Set(["a", "b"]));
    expect(rows).toHaveLength(16);
    for (const { tolerance, error, nfe, milliseconds } of rows) {
      expect(error / tolerance).toBeCloseTo(1, 4);
      expect(nfe).toBe(Math.round(1 / tolerance));
      expect(milliseconds).toBeCloseTo(1e-9 / tolerance);
    }
  });

  test("leaves out what fails, and what would take too long", async () => {
    expect(await measured(1e-6, 0.9e-6)).toHaveLength(2 * 4);
    expect(await measured(300, 0)).toHaveLength(2 * 2);
  });
});

describe("what is shown", () => {
  const rowOf = (method: string, problem: string, digits: number): PrecisionRow => ({
    problem,
    engine: "library 1.0",
    method,
    kind: "nonstiff",
    tolerance: 10 ** -digits,
    error: 10 ** -digits,
    nfe: 100 * digits,
    milliseconds: digits,
  });
  const [first, second] = Object.keys(choices);
  const rows = [3, 5, 7].flatMap((digits) => [rowOf("a", first, digits), rowOf("b", second, digits)]);

  test("a table has a line for each method, and cells for what was reached, bounded, not reached, not tried", () => {
    const cells = (error: number) =>
      precisionTable(rows, error)
        .split("\n")
        .slice(2)
        .map((line) =>
          line
            .split("|")
            .slice(2, -1)
            .map((cell) => cell.trim()),
        );
    expect(cells(1e-5)).toEqual([
      ["a", "500, 5 ms", ""],
      ["b", "", "500, 5 ms"],
    ]);
    expect(cells(1e-2)).toEqual([
      ["a", "≤ 300, 3 ms", ""],
      ["b", "", "≤ 300, 3 ms"],
    ]);
    expect(cells(1e-9)).toEqual([
      ["a", "-", ""],
      ["b", "", "-"],
    ]);
  });

  test("the chart can be drawn, and says in words what it shows", async () => {
    const { data } = await chartBundle(precisionChart(rows));
    expect(data["text/plain"]).toContain(choices[first].title);
    expect(Buffer.from(String(data["image/png"]), "base64").subarray(1, 4).toString()).toBe("PNG");
  });
});
