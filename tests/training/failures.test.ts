import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { SolveError } from "../../src/models/solve-error.js";
import { adam } from "../../src/nn/optimizers/adam.js";
import { momentum } from "../../src/nn/optimizers/momentum.js";
import type { LearningRate } from "../../src/nn/schedules.js";
import type { FailurePolicy, Incident } from "../../src/training/failure-policy.js";
import type { Iteration, Task } from "../../src/training/task.js";
import { trainTask } from "../../src/training/train-task.js";
import { TrainingError } from "../../src/training/training-error.js";
import type { TaskTrainingOptions } from "../../src/training/training-options.js";
import type { TrainingProgress } from "../../src/training/training-progress.js";
import { countingTarget } from "../laws/counting-target.js";
import { smallTask, taskTraining } from "./small-task.js";
import { temporaryFolder } from "./temporary-folder.js";

const target = countingTarget();
const whole = smallTask(target);
afterAll(() => whole.dispose());

/** The task with something that goes wrong in it. */
type Fault = (number: number) => Task;

const solveThatFails: Fault = (at) => ({
  ...whole,
  step: (params, iteration: Iteration) => {
    if (iteration.number === at) throw new SolveError("the step size became too small");
    return whole.step(params, iteration);
  },
});

const lossOf =
  (loss: number): Fault =>
  (at) => ({
    ...whole,
    step: (params, iteration: Iteration) => {
      const step = whole.step(params, iteration);
      return iteration.number === at ? { ...step, loss } : step;
    },
  });

const gradientOf =
  (value: number): Fault =>
  (at) => ({
    ...whole,
    step: (params, iteration: Iteration) => {
      const step = whole.step(params, iteration);
      const gradients = () => {
        const found = step.gradients();
        const [[name, gradient]] = Object.entries(found);
        const { shape, data } = target.get(gradient);
        target.free(gradient);
        return { ...found, [name]: target.put({ shape, data: data.map(() => value) }) };
      };
      return iteration.number === at ? { ...step, gradients } : step;
    },
  });

const faults: readonly [string, Fault, string][] = [
  ["a solve that fails", solveThatFails, "the step size became too small"],
  ["a loss that is NaN", lossOf(Number.NaN), "the loss is NaN"],
  ["an infinite loss", lossOf(Number.POSITIVE_INFINITY), "the loss is Infinity"],
  ["a gradient that is NaN", gradientOf(Number.NaN), "the norm of the gradient is NaN"],
];

/** Trains with a policy; gives what was reported, too. */
async function trained(task: Task, onFailure?: FailurePolicy, options: Partial<TaskTrainingOptions> = {}) {
  const reports: TrainingProgress[] = [];
  const told: Incident[] = [];
  const { seconds, ...result } = await trainTask(
    taskTraining(task, {
      onFailure,
      onProgress: (progress) => void reports.push(progress),
      onIncident: (incident) => void told.push(incident),
      ...options,
    }),
  );
  return { result, told, iterations: reports.map(({ iteration }) => iteration) };
}

let before: number;
beforeEach(() => {
  before = target.values;
});

describe.each(faults)("%s", (_, fault, reason) => {
  it("stops a training, unless it is told otherwise", async () => {
    for (const onFailure of [undefined, { action: "stop" } as const]) {
      const error = await trained(fault(6), onFailure).catch((found: unknown) => found);
      expect(error).toBeInstanceOf(TrainingError);
      expect((error as TrainingError).message).toBe(
        `training stopped at iteration 6: ${reason}; a smaller learning rate or penalty weight may prevent it`,
      );
      expect(error).toMatchObject({ iteration: 6, incidents: [] });
    }
  });

  it("is skipped: the iteration changes nothing, and is told of", async () => {
    const { result, told, iterations } = await trained(fault(6), { action: "skip", atMost: 1 });
    const incident = { iteration: 6, reason, action: "skip", continuedAfter: 6, learningRateFactor: 1 };
    expect(result.incidents).toEqual([incident]);
    expect(told).toEqual([incident]);
    expect(iterations).toEqual([0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]);
    // without inertia a learning rate of 0 changes nothing either
    const rated = (learningRate: LearningRate) => ({ optimizer: momentum({ learningRate, momentum: 0 }) });
    const skipping = await trained(fault(6), { action: "skip", atMost: 1 }, rated(0.01));
    const resting = await trained(
      whole,
      undefined,
      rated((iteration) => (iteration === 6 ? 0 : 0.01)),
    );
    expect(skipping.result.params).toEqual(resting.result.params);
  });

  it("is retried from the last evaluation with a smaller learning rate", async () => {
    const policy = { action: "retry", atMost: 1, learningRateFactor: 0.5 } as const;
    let failed = false;
    const once: Task = {
      ...whole,
      step: (params, iteration) => {
        const fails = iteration.number === 6 && !failed;
        if (fails) failed = true;
        return (fails ? fault(6) : whole).step(params, iteration);
      },
    };
    const { result, told, iterations } = await trained(once, policy);
    const incident = { iteration: 6, reason, action: "retry", continuedAfter: 4, learningRateFactor: 0.5 };
    expect(result.incidents).toEqual([incident]);
    expect(told).toEqual([incident]);
    expect(iterations).toEqual([0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12]);
    // which is what a training gives that has the smaller rate from there on
    const slower = adam({ learningRate: (iteration) => (iteration > 4 ? 0.005 : 0.01) });
    const { result: expected } = await trained(whole, undefined, { optimizer: slower });
    expect(result.params).toEqual(expected.params);
    expect(result.curve).toEqual(expected.curve);
  });

  it("that comes back each time stops the training in the end, which knows of all", async () => {
    const policy = { action: "retry", atMost: 3, learningRateFactor: 0.1 } as const;
    const error = (await trained(fault(6), policy).catch((found: unknown) => found)) as TrainingError;
    expect(error.message).toContain(`at iteration 6: ${reason} (3 earlier failures were let pass);`);
    const factors = error.incidents.map(({ learningRateFactor }) => learningRateFactor);
    expect(factors).toBeAllclose([0.1, 0.01, 0.001]);
  });
});

describe("a failed evaluation", () => {
  const failing = (calls: readonly number[]): Task => {
    let call = 0;
    return {
      ...whole,
      evaluate: async (params, context) => {
        const evaluation = await whole.evaluate(params, context);
        return calls.includes(++call) ? { ...evaluation, error: Number.NaN } : evaluation;
      },
    };
  };

  it("is left out where failures are skipped", async () => {
    const { result, iterations } = await trained(failing([2]), { action: "skip", atMost: 1 });
    expect(iterations).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const evaluated = result.curve.filter(({ error }) => error !== undefined);
    expect(evaluated.map(({ iteration }) => iteration)).toEqual([0, 8, 12]);
    expect(result.incidents).toMatchObject([{ iteration: 4, reason: "the evaluation's error is NaN" }]);
  });

  it("is retried from the one before it", async () => {
    const policy = { action: "retry", atMost: 1, learningRateFactor: 0.5 } as const;
    const { result, iterations } = await trained(failing([3]), policy);
    expect(result.incidents).toMatchObject([{ iteration: 8, continuedAfter: 4 }]);
    expect(iterations).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("before the first iteration stops the training: there is nothing else to try", async () => {
    for (const onFailure of [
      { action: "skip", atMost: 9 },
      { action: "retry", atMost: 9, learningRateFactor: 0.5 },
    ] as const) {
      await expect(trained(failing([1]), onFailure)).rejects.toThrow(
        "training stopped before the first iteration: the evaluation's error is NaN;",
      );
    }
  });
});

describe("a training that failures have set back", () => {
  it("goes on from a checkpoint to the very same result", async () => {
    // in the loss of the iterations that follow on an evaluation, so that the way back is long
    const failsTwice = (): Task => {
      const left = new Set([7, 11]);
      return {
        ...whole,
        step: (params, iteration) => {
          const { number } = iteration;
          return (left.delete(number) ? lossOf(Number.NaN)(number) : whole).step(params, iteration);
        },
      };
    };
    const onFailure = { action: "retry", atMost: 2, learningRateFactor: 0.5 } as const;
    const { result: expected } = await trained(failsTwice(), onFailure);
    expect(expected.incidents).toHaveLength(2);
    for (const last of [5, 6, 9, 10]) {
      const checkpoint = { path: join(temporaryFolder(), "training.safetensors") };
      const stop = new AbortController();
      const task = failsTwice();
      const options = { checkpoint, resume: true };
      const onProgress = ({ iteration }: TrainingProgress): void => {
        if (iteration === last) stop.abort();
      };
      const run = trained(task, onFailure, { ...options, onProgress, signal: stop.signal });
      expect(await run.catch((found: unknown) => found)).toBe(stop.signal.reason);
      expect((await trained(task, onFailure, options)).result).toEqual(expected);
    }
  });
});

describe("a policy", () => {
  it.each([
    [{ action: "skip", atMost: 0 }, "onFailure.atMost must be a whole number, at least 1, got 0"],
    [{ action: "skip", atMost: 1.5 }, "onFailure.atMost must be a whole number, at least 1, got 1.5"],
    [
      { action: "retry", atMost: 1, learningRateFactor: 1 },
      "onFailure.learningRateFactor must be between 0 and 1, got 1",
    ],
    [
      { action: "retry", atMost: 1, learningRateFactor: Number.NaN },
      "onFailure.learningRateFactor must be between 0 and 1, got NaN",
    ],
  ] as const)("%j is refused", async (onFailure, message) => {
    await expect(trained(whole, onFailure)).rejects.toThrow(`train: ${message}`);
  });

  it("leaves nothing on the target, whatever went wrong, neither on the way nor in the end", async () => {
    for (const [, fault] of faults) {
      const counts = new Set<number>();
      const onProgress = () => void counts.add(target.values);
      await trained(fault(6), { action: "skip", atMost: 1 }, { onProgress });
      expect(counts.size).toBe(1);
      for (const onFailure of [
        { action: "stop" },
        { action: "skip", atMost: 1 },
        { action: "retry", atMost: 2, learningRateFactor: 0.5 },
      ] as const) {
        await trained(fault(6), onFailure).catch(() => {});
        expect(target.values).toBe(before);
      }
    }
  });
});
