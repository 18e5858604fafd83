import { createHash } from "node:crypto";
import type { Precision, TargetName } from "../compiler/targets/target.js";
import type { Incident } from "../training/failure-policy.js";
import type { CurvePoint } from "../training/training-curve.js";
import type { Provenance } from "./provenance.js";

/** The trained model solved again elsewhere. */
export interface Resolved {
  readonly precision: Precision;
  /** Both tolerances. */
  readonly tolerance: number;
  readonly nfe: number;
}

/** What tells a row apart from others. */
export interface RowIdentity {
  readonly experiment: string;
  readonly method: string;
  readonly preset: string;
  readonly seed: number;
  readonly epochs: number;
  /** Weight of the penalty at the start; 0 without one. */
  readonly weight: number;
  readonly rtol: number;
  readonly precision: Precision;
  readonly controller: string;
  readonly target: TargetName;
  /** Hash of the whole configuration: rows with the same one repeat the same run. */
  readonly configuration: string;
}

/** What a configuration of any experiment has; each adds its own choices. */
interface RunConfiguration
  extends Pick<RowIdentity, "method" | "seed" | "epochs" | "precision" | "controller" | "target"> {
  /** Both tolerances of the training solver. */
  readonly tolerance: number;
  readonly weight?: { readonly from: number };
}

/** The fields of a row that say which run it is; `hashed` is all that tells runs apart. */
export function rowIdentity(
  experiment: string,
  preset: string,
  configuration: RunConfiguration,
  hashed: unknown,
): RowIdentity {
  const { method, seed, epochs, tolerance, precision, controller, target, weight } = configuration;
  return {
    experiment,
    method,
    preset,
    seed,
    epochs,
    weight: weight?.from ?? 0,
    rtol: tolerance,
    precision,
    controller,
    target,
    configuration: configurationHash(hashed),
  };
}

/** One run of an experiment, as far as all experiments measure the same; each adds what is its own. */
export interface ResultRow extends RowIdentity {
  /** Function evaluations of the training solver on a fixed batch; 0 without a solver. */
  readonly nfe: number;
  /** Function evaluations of the probe common to all rows; 0 without a solver. */
  readonly nfeProbe: number;
  /** What the probe solves, solved again in other precisions and tolerances. */
  readonly resolved: readonly Resolved[];
  /** Loss, penalty and evaluations during training, thinned. */
  readonly curve: readonly CurvePoint[];
  /** Failures that the training survived; left out where there were none. */
  readonly incidents?: readonly Incident[];
  /** Seconds of training alone, and of the whole run; threads where they were counted. */
  readonly timing: { readonly seconds: number; readonly totalSeconds: number; readonly threads?: number };
  readonly provenance: Provenance;
}

/** The type of each field of a row, as `typeof` has it; lists and objects are not looked into. */
const fieldTypes: Readonly<
  Record<keyof Required<Omit<ResultRow, "incidents">>, "string" | "number" | "object">
> = {
  experiment: "string",
  method: "string",
  preset: "string",
  seed: "number",
  epochs: "number",
  weight: "number",
  rtol: "number",
  precision: "string",
  controller: "string",
  target: "string",
  configuration: "string",
  nfe: "number",
  nfeProbe: "number",
  resolved: "object",
  curve: "object",
  timing: "object",
  provenance: "object",
};

/** Whether something read from a file has all fields that rows of every experiment have, of the right types. */
export function isResultRow(value: unknown): value is ResultRow {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries(fieldTypes).every(
    ([name, type]) => typeof fields[name] === type && fields[name] !== null,
  );
}

/** A hash of plain data that does not depend on the order of its names. */
export function configurationHash(configuration: unknown): string {
  return createHash("sha256").update(canonical(configuration)).digest("hex").slice(0, 16);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(",")}}`;
}
