import { regularizationMethods } from "../experiments/regularization-methods.js";
import type { RowIdentity } from "../experiments/result-row.js";
import { formatNumber } from "./number-format.js";

/** What places a row of results: its configuration as far as tables and charts must keep it apart. */
export type ConfiguredRow = Omit<RowIdentity, "configuration">;

/** Rows that differ in their seed alone: one method with one weight. */
export interface Arm<Row extends ConfiguredRow> {
  readonly method: string;
  readonly weight: number;
  /** In the order of their seeds. */
  readonly rows: readonly Row[];
}

/** Arms that differ in method and weight alone, and so may be compared. */
export interface Comparison<Row extends ConfiguredRow> {
  /** The configuration that all rows share, in words. */
  readonly title: string;
  /** Methods in their order of presentation, each by rising weight. */
  readonly arms: readonly Arm<Row>[];
}

/** Fields in which rows of one comparison agree: all of the configuration but method, weight and seed. */
const sharedFields = ["experiment", "preset", "epochs", "precision", "controller", "rtol", "target"] as const;

/** Baselines come first, in the order in which each adds to the one before; those of stochastic equations have fewer. */
const presentationOrder = [
  ...new Set(["linear", "vanilla", "srnsde", "ernsde", ...Object.keys(regularizationMethods)]),
];

/**
 * Sorts rows into comparisons, and each comparison into arms, so that no mean is ever taken over two configurations.
 *
 * @throws {Error} If two rows agree in configuration and seed: one of them would count twice.
 */
export function comparisons<Row extends ConfiguredRow>(rows: readonly Row[]): Comparison<Row>[] {
  return groupBy(rows, (row) => sharedFields.map((field) => row[field]).join("\n")).map((group) => ({
    title: titleOf(group[0]),
    arms: groupBy(group, (row) => `${row.method}\n${row.weight}`)
      .map(armOf)
      .sort(byPresentation),
  }));
}

/**
 * The one comparison to which all rows belong, for charts, which have room for one.
 *
 * @param chart Name of the calling function, for the message.
 * @throws {Error} If there are no rows, or rows of more than one configuration.
 */
export function singleComparison<Row extends ConfiguredRow>(
  rows: readonly Row[],
  chart: string,
): Comparison<Row> {
  const found = comparisons(rows);
  if (found.length === 1) return found[0];
  if (found.length === 0) throw new Error(`${chart}: there are no rows to draw; pass at least one.`);
  const titles = found.map(({ title }) => `"${title}"`).join(" and ");
  throw new Error(
    `${chart}: rows of different configurations cannot share a chart, got ${titles}; filter them first.`,
  );
}

function armOf<Row extends ConfiguredRow>(rows: readonly Row[]): Arm<Row> {
  const sorted = [...rows].sort((a, b) => a.seed - b.seed);
  const twice = sorted.find((row, i) => i > 0 && row.seed === sorted[i - 1].seed);
  if (twice) {
    const { method, weight, seed } = twice;
    throw new Error(
      `two rows of "${titleOf(twice)}" have method ${method}, weight ${weight} and seed ${seed}; keep one of them.`,
    );
  }
  return { method: sorted[0].method, weight: sorted[0].weight, rows: sorted };
}

function titleOf(row: ConfiguredRow): string {
  const { experiment, preset, epochs, precision, controller, rtol, target } = row;
  const span = epochs === 1 ? "1 epoch" : `${epochs} epochs`;
  return [
    experiment,
    preset,
    span,
    precision,
    `${controller} controller`,
    `tolerance ${formatNumber(rtol, 8)}`,
    target,
  ].join(" · ");
}

function byPresentation(a: Arm<ConfiguredRow>, b: Arm<ConfiguredRow>): number {
  return compareMethods(a.method, b.method) || a.weight - b.weight;
}

/** Order of presentation of two methods: baselines first, then as papers list them; unknown ones last, by name. */
export function compareMethods(a: string, b: string): number {
  const rank = (method: string) => {
    const place = presentationOrder.indexOf(method);
    return place < 0 ? presentationOrder.length : place;
  };
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Groups in the order in which their keys first occur. */
function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
