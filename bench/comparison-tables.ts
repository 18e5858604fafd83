import type { Row } from "./comparison.js";
import { goalOf, stepGoalOf } from "./goals.js";
import { markdownTable, timeText } from "./table.js";

/**
 * A Markdown table for each problem: a line for each of ours with its ratio to every peer; a line with the peers' own
 * times; and, for solves, a line with what the ratios must and should be.
 */
export function comparisonTables(rows: readonly Row[], withGoals: boolean): string {
  return grouped(rows, ({ problem }) => problem)
    .map((ofProblem) => `**${ofProblem[0].problem}**\n\n${comparisonTable(ofProblem, withGoals)}`)
    .join("\n\n");
}

function comparisonTable(rows: readonly Row[], withGoals: boolean): string {
  const peers = [...new Set(rows.map(({ peer }) => peer))];
  const lines = grouped(rows, ({ work }) => work).flatMap((ofWork) => [
    ...grouped(ofWork, placeOf).map((ofPlace) => oursLine(ofPlace, peers)),
    ...theirsLine(ofWork, peers),
    ...(withGoals ? goalLine(ofWork, peers) : []),
  ]);
  return markdownTable([["work", "on", "time", "a step", "evaluations", ...peers], ...lines]);
}

function oursLine(rows: readonly Row[], peers: readonly string[]): string[] {
  const [first] = rows;
  const { work, ours, oursPerStep, nfe } = first;
  return [
    work,
    placeOf(first),
    timeText(ours),
    timeText(oursPerStep),
    `${nfe}`,
    ...byPeer(rows, peers, ratioText),
  ];
}

/** The peers' own times, if each has one: the same whichever of ours it is compared with. */
function theirsLine(rows: readonly Row[], peers: readonly string[]): string[][] {
  const times = peers.map(
    (peer) => new Set(rows.filter((row) => row.peer === peer).map(({ theirs }) => theirs)),
  );
  if (times.some(({ size }) => size > 1)) return [];
  return [[rows[0].work, "(theirs)", "", "", "", ...byPeer(rows, peers, theirsText)]];
}

function goalLine(rows: readonly Row[], peers: readonly string[]): string[][] {
  const text = (goal: { readonly must: number; readonly goal: number } | undefined, unit = "") =>
    goal ? `${goal.must} / ${goal.goal}${unit}` : "";
  const perStep = text(stepGoalOf(rows[0]), " µs");
  const cells = byPeer(rows, peers, (row) => text(goalOf(row)));
  const wanted = [perStep, ...cells].some((cell) => cell !== "");
  return wanted ? [[rows[0].work, "(must / goal)", "", perStep, "", ...cells]] : [];
}

/** A cell for each peer, from the first row that is about it. */
function byPeer(rows: readonly Row[], peers: readonly string[], text: (row: Row) => string): string[] {
  return peers.map((peer) => {
    const row = rows.find((candidate) => candidate.peer === peer);
    return row ? text(row) : "";
  });
}

function ratioText({ ratio, interval: [low, high] }: Row): string {
  return `**${ratioDigits(ratio)}** (${ratioDigits(low)} to ${ratioDigits(high)})`;
}

function theirsText({ theirs, peerNfe, nfe }: Row): string {
  return peerNfe === nfe ? timeText(theirs) : `${timeText(theirs)} for ${peerNfe}`;
}

/** Two decimals of a number below ten, three digits of a greater one. */
export function ratioDigits(value: number): string {
  return value < 10 ? value.toFixed(2) : `${Number(value.toPrecision(3))}`;
}

/** Where ours ran. */
export function placeOf({ target, node }: Row): string {
  return node === "" ? target : `${target}, Node ${node.split(".")[0]}`;
}

/** Rows in groups of the same key, in the order in which the keys come. */
export function grouped<R extends Row>(rows: readonly R[], key: (row: R) => string): R[][] {
  const groups = new Map<string, R[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return [...groups.values()];
}
