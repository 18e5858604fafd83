import { describe, expect, it } from "vitest";
import { sumOf, tallyOfCheck, tallyOfLastLine, tallyOfVitest } from "../../scripts/checks/tally.mjs";

describe("counting what passed and failed", () => {
  it("counts a check as one", () => {
    expect(tallyOfCheck({ status: 0, output: "" })).toEqual({ passed: 1, failed: 0 });
    expect(tallyOfCheck({ status: 2, output: "" })).toEqual({ passed: 0, failed: 1 });
  });

  it("reads the closing line", () => {
    expect(tallyOfLastLine({ status: 1, output: "ok  a\nFAIL b\n1 passed, 1 failed\n" })).toEqual({
      passed: 1,
      failed: 1,
    });
  });

  it("takes a run without a closing line for a failure", () => {
    expect(tallyOfLastLine({ status: 0, output: "" })).toEqual({ passed: 0, failed: 1 });
    expect(tallyOfLastLine({ status: 0, output: "3 passed, 0 failed\nKilled" })).toEqual({
      passed: 0,
      failed: 1,
    });
    expect(tallyOfVitest(0, undefined)).toEqual({ passed: 0, failed: 1 });
  });

  it("takes an error outside any test for a failure", () => {
    const report = JSON.stringify({ numPassedTests: 5, numFailedTests: 0 });
    expect(tallyOfVitest(0, report)).toEqual({ passed: 5, failed: 0 });
    expect(tallyOfVitest(1, report)).toEqual({ passed: 5, failed: 1 });
  });

  it("adds up", () => {
    expect(sumOf([])).toEqual({ passed: 0, failed: 0 });
    expect(
      sumOf([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 0 },
      ]),
    ).toEqual({ passed: 4, failed: 2 });
  });
});
