import { describe, expect, it } from "vitest";
import { integrate, solve } from "../../../src/solvers/ode/solve.js";
import { solveVjp } from "../../../src/solvers/ode/solve-vjp.js";
import { wrongOptions } from "./wrong-options.js";
import { wrongProblems } from "./wrong-problems.js";
import { decay, type Run } from "./wrong-use.js";

const wrongUses = [...wrongProblems, ...wrongOptions];

it("has one sentence for more than forty wrong uses", () => {
  expect(new Set(wrongUses.map(([name]) => name)).size).toBe(wrongUses.length);
  expect(wrongUses.length).toBeGreaterThanOrEqual(40);
});

describe.each<[string, Run]>([
  ["solve", solve],
  ["solveVjp", solveVjp],
  ["integrate, at its first step", (...given) => integrate(...given).next()],
])("%s refuses", (_, run) => {
  it.each(wrongUses)("%s", (_name, use, sentence) => {
    const message = refusal(() => use(run));
    if (typeof sentence === "string") expect(message).toContain(sentence);
    else expect(message).toMatch(sentence);
    expect(message.length).toBeLessThan(400);
    // and the next solve is none the worse for it
    expect(solve(decay).code).toBe("success");
  });
});

/** The message of the error that a wrong use is answered with. */
function refusal(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  }
  return "there was no error";
}
