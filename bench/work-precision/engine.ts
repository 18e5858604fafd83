import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import {
  autoSwitch,
  dopri5,
  dopri8,
  type NdArray,
  odeProblem,
  rosenbrock23,
  type SolverMethod,
  solve,
  tsit5,
  vern7,
} from "glassbox";
import type { Greeting, Reply, Request } from "../engine.js";
import { Repetition } from "../repetition.js";
import { fields } from "./fields.js";
import type { PrecisionProblem } from "./problems.js";

/** Our side of work-precision: reads the problems' file and answers requests, as the peers do. */

const problems = JSON.parse(readFileSync(process.argv[2], "utf8")) as readonly PrecisionProblem[];

const methods: Readonly<Record<string, SolverMethod>> = {
  tsit5,
  dopri5,
  vern7,
  dopri8,
  rosenbrock23,
  autoSwitch: autoSwitch(tsit5, rosenbrock23),
};

/** Room for the steps of a method of order 2 at the tightest tolerance. */
const maxSteps = 500_000;

type Solve = () => ReturnType<typeof solve>;

/** The makers of solves to a tolerance, by problem and method: what was compiled for one tolerance does for all. */
const solvers = new Map<string, (tolerance: number) => Solve>();

function solverOf(name: string, method: string): (tolerance: number) => Solve {
  const problem = problems.find((candidate) => candidate.name === name);
  if (!problem || !(method in methods)) throw new Error(`there is no problem ${name} or no method ${method}`);
  const { y0, params, span, atolPerRtol } = problem;
  const ours = odeProblem({ field: fields[name], y0: [...y0], params, span });
  return (rtol) => () =>
    solve(ours, { method: methods[method], rtol, atol: atolPerRtol * rtol, maxSteps }) as ReturnType<Solve>;
}

/** A Jacobian is exact, and counts as an evaluation for each of its columns. */
function describe({ code, y1, stats }: ReturnType<Solve>): Omit<Reply, "milliseconds"> {
  const { data } = y1 as NdArray;
  const nfe = stats.nfe.total + data.length * stats.jacobians;
  return { nfe, norms: {}, y1: code === "success" ? Array.from(data) : null };
}

const repetitions = new Map<string, Repetition<ReturnType<Solve>>>();

function answer({ problem = "", method = "", tolerance = 0, repetitions: count }: Request): Reply {
  const known = solvers.get(`${problem} ${method}`);
  const solver = known ?? solverOf(problem, method);
  solvers.set(`${problem} ${method}`, solver);
  if (!known) solver(tolerance)(); // compiles
  const key = `${problem} ${method} ${tolerance}`;
  const repetition = repetitions.get(key) ?? new Repetition(solver(tolerance));
  repetitions.set(key, repetition);
  const { milliseconds, outcome } = repetition.measure(count);
  return { milliseconds, ...describe(outcome) };
}

const say = (line: Greeting | Reply) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ engine: "glassbox", method: "", seconds: 0, megabytes: 0 });
for await (const line of createInterface({ input: process.stdin })) say(answer(JSON.parse(line) as Request));
