// How many things passed and failed in one part of the tests.

/**
 * @typedef {{ passed: number, failed: number }} Tally
 * @typedef {{ status: number, output: string }} Outcome
 */

/**
 * A command that either holds or does not.
 *
 * @param {Outcome} outcome
 * @returns {Tally}
 */
export function tallyOfCheck({ status }) {
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * A command whose last line is "N passed, N failed".
 *
 * @param {Outcome} outcome
 * @returns {Tally}
 */
export function tallyOfLastLine({ status, output }) {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  const counts = /^(\d+) passed, (\d+) failed$/.exec(line);
  if (!counts) return { passed: 0, failed: 1 };
  return withStatus({ passed: Number(counts[1]), failed: Number(counts[2]) }, status);
}

/**
 * A vitest run.
 *
 * @param {number} status
 * @param {string | undefined} report what vitest's json reporter wrote; undefined if it wrote nothing
 * @returns {Tally}
 */
export function tallyOfVitest(status, report) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(report);
  return withStatus({ passed: numPassedTests, failed: numFailedTests }, status);
}

/**
 * A command that failed has at least one failure, whether it counted it or not.
 *
 * @param {Tally} tally
 * @param {number} status
 * @returns {Tally}
 */
function withStatus(tally, status) {
  return status !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sumOf(tallies) {
  return tallies.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    { passed: 0, failed: 0 },
  );
}
