import type { Row } from "./comparison.js";
import { markdownTable } from "./table.js";

/** A Markdown table of what it takes to get to the first gradient: a line for each engine, a column for each problem. */
export function startTable(rows: readonly Row[]): string {
  const problems = [...new Set(rows.map(({ problem }) => problem))];
  const cells = new Map<string, Map<string, string>>();
  const note = (engine: string, problem: string, { seconds, megabytes }: Row["start"]["ours"]): void => {
    const ofEngine = cells.get(engine) ?? new Map<string, string>();
    cells.set(engine, ofEngine.set(problem, `${seconds.toFixed(2)} s, ${Math.round(megabytes)} MB`));
  };
  for (const { problem, target, node, peer, start } of rows) {
    note(`${target}, Node ${node.split(".")[0]}`, problem, start.ours);
    if (!/gemm/.test(peer)) note(peer, problem, start.theirs);
  }
  const lines = [...cells].map(([engine, byProblem]) => [
    engine,
    ...problems.map((problem) => byProblem.get(problem) ?? ""),
  ]);
  return markdownTable([["", ...problems], ...lines]);
}
