import type { TargetChoice } from "../../../src/compiler/targets/choose-target.js";
import type { Precision } from "../../../src/compiler/targets/target.js";

/** Where a solve may run. */
export interface Place {
  readonly target: TargetChoice;
  readonly precision: Precision;
}

/** The places that compute in doubles. */
export const doublePlaces: readonly Place[] = [
  { target: "javascript", precision: "float64" },
  { target: "onnx", precision: "float64" },
];

/** The places that compute in single precision. */
export const singlePlaces: readonly Place[] = [
  { target: "onnx", precision: "float32" },
  { target: "tfjs", precision: "float32" },
];
