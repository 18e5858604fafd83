import { expect, it } from "vitest";
import { reportCommand } from "../../src/cli/report-command.js";
import { runCommand } from "../../src/cli/run-command.js";
import { sweepCommand } from "../../src/cli/sweep-command.js";
import { UsageError } from "../../src/cli/usage-error.js";
import { ResultError } from "../../src/experiments/result-files.js";

const commands = { run: runCommand, sweep: sweepCommand, report: reportCommand };
const smoke = ["run", "mnist-ode", "--preset", "smoke", "--epochs", "1"];

it.each<[string[], string]>([
  [["run"], "unknown experiment (none given); there is mnist-ode, "],
  [["run", "cifar"], 'unknown experiment "cifar"; there is mnist-ode, '],
  [["run", "mnist-ode"], "--method is missing; it is one of linear, vanilla, "],
  [[...smoke, "--method", "nonsense"], "method must be one of linear, vanilla, "],
  [
    [...smoke, "--method", "linear", "--preset", "toString"],
    "preset must be one of smoke, quick, full, published",
  ],
  [[...smoke, "--method", "linear", "--seed", "one"], '--seed must be a number, got "one"'],
  [[...smoke, "--method", "linear", "--seed", "0.5"], "seed must be a whole number, at least 0, got 0.5"],
  [[...smoke, "--method", "linear", "--seed=-1"], "seed must be a whole number, at least 0, got -1"],
  [[...smoke, "--method", "linear", "--seed", "-1"], "try: glassbox help"],
  [[...smoke, "--method", "linear", "--epochs", ""], '--epochs must be a number, got ""'],
  [[...smoke, "--method", "linear", "--epochs", "0"], "epochs must be a whole number, at least 1, got 0"],
  [[...smoke, "--method", "vanilla", "--weight", "1"], "weight must be left out for the method vanilla"],
  [[...smoke, "--method", "ernode", "--weight", "0"], "weight must be a positive number"],
  [[...smoke, "--method", "linear", "--colour"], "Unknown option '--colour'"],
  [[...smoke, "--method", "linear", "more"], 'unexpected argument "more"'],
  [
    [...smoke, "--method", "linear", "--precision", "half"],
    "precision must be one of float64, float32, got half",
  ],
  [
    [...smoke, "--method", "linear", "--threads", "0"],
    '--threads must be a whole number, at least 1, got "0"',
  ],
  [[...smoke, "--method", "linear", "--resume"], "--resume needs --checkpoint"],
  [
    [...smoke, "--method", "linear", "--on-failure", "toString"],
    '--on-failure must be one of stop, skip, retry, got "toString"',
  ],
  [["run", "--config", "{"], "--config must be one JSON object, got {"],
  [["run", "--config", "[]"], "--config must be one JSON object, got []"],
  [["run", "--config", "{}"], "unknown experiment (none given)"],
  [["run", "--config", '{"experiment":"mnist-ode"}'], "method must be one of linear"],
  [["run", "--config", '{"speed":1}'], '--config has an unknown field "speed"'],
  [["run", "--config", '{"experiment":"mnist-ode","seed":"1"}'], '--config: seed must be a number, got "1"'],
  [["run", "--config", "{}", "--seed", "1"], "--seed is part of --config; write it there"],
  [["sweep"], "unknown experiment (none given)"],
  [["sweep", "mnist-ode"], "--out is missing; it is the folder of the rows"],
  [["sweep", "mnist-ode", "--out", "/dev/null/rows"], "results cannot be written to /dev/null/rows"],
  [["sweep", "mnist-ode", "--out", "x", "--methods", "magic"], "method must be one of linear, vanilla"],
  [["sweep", "mnist-ode", "--out", "x", "--preset", "magic"], "preset must be one of smoke, quick"],
  [["sweep", "mnist-ode", "--out", "x", "--seeds", "3..1"], "--seeds: 3..1 must go up"],
  [["sweep", "mnist-ode", "--out", "x", "--seeds", "a"], '--seeds must be a number, got "a"'],
  [["sweep", "mnist-ode", "--out", "x", "--weights=-1x"], "--weights must be positive numbers"],
  [
    ["sweep", "mnist-ode", "--out", "x", "--checkpoint-every", "0"],
    '--checkpoint-every must be positive, got "0"',
  ],
  [
    ["sweep", "mnist-ode", "--out", "x", "--on-failure", "hope"],
    '--on-failure must be one of stop, skip, retry, got "hope"',
  ],
  [["sweep", "mnist-ode", "--out", "x", "--jobs", "many"], '--jobs must be a number, got "many"'],
  [["report", "mnist-ode", "--preset", "quick", "--seeds", "99"], "among those that were asked for"],
  [["report", "mnist-ode", "--methods", "magic"], "among those that were asked for"],
  [["report", "mnist-ode", "--from", "/no/such/folder"], "results cannot be read from /no/such/folder"],
])("%j says what is wrong in one sentence", async ([name, ...args], sentence) => {
  const command = commands[name as keyof typeof commands];
  const error: Error = await command(args, new AbortController().signal).then(
    () => expect.fail("it did not fail"),
    (reason) => reason,
  );
  expect(error.constructor).toBeOneOf([UsageError, ResultError]);
  expect(error.message).toContain(sentence);
  expect(error.message).not.toContain("\n");
});
