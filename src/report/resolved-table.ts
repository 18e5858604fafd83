import type { Resolved } from "../experiments/result-row.js";
import { type Arm, type ConfiguredRow, comparisons } from "./comparison.js";
import { formatNumber } from "./number-format.js";
import { meanOf } from "./paired.js";
import type { FormattedTable } from "./table.js";

/** A row whose trained model was solved again under other settings. */
export interface ResolvedRow extends ConfiguredRow {
  readonly resolved: readonly Resolved[];
}

const settingOf = ({ precision, tolerance }: Resolved): string =>
  `${precision} at ${formatNumber(tolerance)}`;

/**
 * Function evaluations of the trained models under other precisions and tolerances, as means over seeds.
 *
 * @throws {Error} If two rows agree in configuration and seed.
 */
export function resolvedTable(rows: readonly ResolvedRow[]): FormattedTable[] {
  return comparisons(rows.filter((row) => row.resolved.length > 0)).map(({ title, arms }) => {
    const settings = [
      ...new Set(arms.flatMap((arm) => arm.rows.flatMap((row) => row.resolved.map(settingOf)))),
    ];
    return {
      title: `${title} · NFE when solved again`,
      columns: [
        { name: "method", align: "left" },
        { name: "weight", align: "right" },
        { name: "seeds", align: "right" },
        ...settings.map((name) => ({ name, align: "right" as const })),
      ],
      rows: arms.map((arm) => [
        arm.method,
        formatNumber(arm.weight),
        String(arm.rows.length),
        ...settings.map((setting) => meanCost(arm, setting)),
      ]),
      note: "mean over seeds",
    };
  });
}

function meanCost(arm: Arm<ResolvedRow>, setting: string): string {
  const costs = arm.rows.flatMap((row) => row.resolved.filter((cost) => settingOf(cost) === setting));
  return costs.length === 0 ? "–" : meanOf(costs.map((cost) => cost.nfe)).toFixed(1);
}
