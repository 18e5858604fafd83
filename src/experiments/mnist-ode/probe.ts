import type { NdArray } from "../../compiler/nd-array.js";
import type { Precision } from "../../compiler/targets/target.js";
import { ValueScope } from "../../compiler/targets/value-scope.js";
import { range } from "../../data/image-batch.js";
import type { LabelledImages } from "../../data/labelled-images.js";
import { softmaxCrossEntropy } from "../../nn/losses.js";
import { ClassifierObjectives } from "../../training/classifier-objective.js";
import { evaluateBatch } from "../../training/evaluate.js";
import type { Resolved } from "../result-row.js";
import { mnistNetwork } from "./mnist-model.js";

/** The first so many test images make the probe's one system. */
const probeImages = 512;

/** The solve that all rows have in common: tsit5, integral controller, float64, 1e-8. */
const commonProbe = { precision: "float64", tolerance: 1e-8 } as const;

/** Other solves of the same images: in single precision, from below its resolution to where it is as good as double. */
const otherProbes = [
  { precision: "float32", tolerance: 1.4e-8 },
  { precision: "float32", tolerance: 1e-6 },
  { precision: "float32", tolerance: 1e-5 },
] as const;

/** What the solution of a trained network costs, measured the same way for every row. */
export function probe(
  params: Readonly<Record<string, NdArray>>,
  hidden: number,
  test: LabelledImages,
): { readonly nfe: number; readonly resolved: readonly Resolved[] } {
  const cost = (solve: { precision: Precision; tolerance: number }): number =>
    costOf(params, hidden, test, solve);
  return { nfe: cost(commonProbe), resolved: otherProbes.map((solve) => ({ ...solve, nfe: cost(solve) })) };
}

function costOf(
  params: Readonly<Record<string, NdArray>>,
  hidden: number,
  test: LabelledImages,
  { precision, tolerance }: { precision: Precision; tolerance: number },
): number {
  const model = mnistNetwork(hidden, { precision, rtol: tolerance, atol: tolerance });
  const scope = new ValueScope(model.target);
  const objectives = new ClassifierObjectives(model, softmaxCrossEntropy);
  const values = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, model.target.put(value)]),
  );
  scope.own(Object.values(values));
  try {
    const positions = range(0, Math.min(probeImages, test.count));
    return evaluateBatch(model, objectives, values, test, positions).nfe;
  } finally {
    scope.release();
    objectives.dispose();
    model.dispose();
  }
}
