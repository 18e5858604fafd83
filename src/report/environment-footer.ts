import { type Provenance, provenance } from "../experiments/provenance.js";
import { display } from "./display.js";

/** The environment in three lines of text, for the foot of a notebook or report. */
export function environmentFooter(facts: Provenance = provenance()): string {
  const { node, platform, processor, processors, packages, commit } = facts;
  return [
    `Node ${node} on ${platform}`,
    `${processor}, ${processors} logical processors`,
    Object.entries(packages)
      .map(([name, version]) => `${name} ${version}${name === "glassbox" && commit ? ` (${commit})` : ""}`)
      .join(", "),
  ].join("\n");
}

/** Displays the environment below the running notebook cell; outside a notebook, prints it. */
export function showEnvironment(): void {
  display({ data: { "text/plain": environmentFooter() } });
}
