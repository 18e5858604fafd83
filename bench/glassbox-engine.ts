import { createInterface } from "node:readline";
import {
  dopri5,
  javascriptTarget,
  onnxTarget,
  type Tableau,
  type Target,
  tfjsTarget,
  tsit5,
  wasmTarget,
} from "glassbox";
import { useWideVectors } from "#internal/compiler/targets/wasm/features.js";
import type { Greeting, Reply, Request } from "./engine.js";
import { readProblem } from "./problem-files.js";
import type { TargetName } from "./problems.js";
import { regularizerWorks } from "./regularizer-works.js";
import { Repetition } from "./repetition.js";
import { solveWorks } from "./solve-works.js";
import { stepWorks } from "./step-works.js";
import type { Outcome, Works } from "./works.js";

/** Our side of the bench: reads the problem's files and answers requests, as the peers do. */

const [folder, command, targetName, width] = process.argv.slice(2);
const problem = readProblem(folder);
const { precision, threads } = problem.description;

const methods: Readonly<Record<string, Tableau>> = { tsit5, dopri5 };
const options = { precision, threads };
const targets: Readonly<Record<TargetName, () => Target>> = {
  wasm: () => wasmTarget(options),
  onnx: () => onnxTarget(options),
  javascript: () => javascriptTarget,
  tfjs: () => tfjsTarget,
};
if (width === "wide" && !useWideVectors()) throw new Error("this Node has no wide vectors");
const target = targets[targetName as TargetName]();

/** Both works as a request wants them. */
function makeWorks(): (request: Request) => Works {
  if (command === "step") {
    const step = stepWorks(problem, target, tsit5);
    return () => step;
  }
  if (command === "iteration") return regularizerWorks(problem.description, target);
  const solving = solveWorks(problem, target);
  return ({ method = "tsit5", firstStep, penalty = false }) =>
    solving({ method: methods[method], firstStep: firstStep ?? undefined, penalty });
}

const repetitions = new Map<string, Repetition<Outcome>>();

function answer(request: Request): Reply {
  const { work, repetitions: count, ...how } = request;
  const key = JSON.stringify([work, how]);
  const repetition = repetitions.get(key) ?? new Repetition(works(request)[work]);
  repetitions.set(key, repetition);
  const { milliseconds, outcome } = repetition.measure(count);
  return { milliseconds, ...outcome.describe() };
}

const begin = performance.now();
const works = makeWorks();
const first = works({ work: "gradient", firstStep: null, repetitions: 1 });
first.forward();
first.gradient();
const seconds = (performance.now() - begin) / 1000;
const megabytes = process.resourceUsage().maxRSS / 1024;

const say = (line: Greeting | Reply) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ engine: "glassbox", method: "tsit5", seconds, megabytes });
for await (const line of createInterface({ input: process.stdin })) say(answer(JSON.parse(line) as Request));
