import type { FailurePolicy } from "../training/failure-policy.js";
import { UsageError } from "./usage-error.js";

/** What becomes of failed solves and of numbers that are not finite, by the name that `--on-failure` takes. */
const failurePolicies: Readonly<Record<string, FailurePolicy>> = {
  stop: { action: "stop" },
  skip: { action: "skip", atMost: 10 },
  retry: { action: "retry", atMost: 3, learningRateFactor: 0.5 },
};

/**
 * The policy that `--on-failure` names.
 *
 * @throws UsageError for any other name.
 */
export function failurePolicyOption(name: string): FailurePolicy {
  if (Object.hasOwn(failurePolicies, name)) return failurePolicies[name];
  throw new UsageError(
    `--on-failure must be one of ${Object.keys(failurePolicies).join(", ")}, got "${name}"`,
  );
}
