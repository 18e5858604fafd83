import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../src/compiler/random.js";
import { hoursPerRecord } from "../../../src/data/physionet/patient-records.js";
import {
  physionetConfiguration,
  physionetIdentity,
  physionetMethods,
} from "../../../src/experiments/physionet/configuration.js";
import { patientView } from "../../../src/experiments/physionet/patient-view.js";
import { reconstruct } from "../../../src/experiments/physionet/reconstruct.js";
import { recordBatch } from "../../../src/experiments/physionet/record-batch.js";
import { runPhysionet } from "../../../src/experiments/physionet/run.js";
import { trainPatientModel } from "../../../src/experiments/physionet/train.js";
import { isResultRow } from "../../../src/experiments/result-row.js";
import { smallRecords } from "./made-up-records.js";

const smoke = { preset: "smoke", seed: 1 } as const;

describe("a batch of records", () => {
  it("has the values of each hour and record, then what was observed", () => {
    fc.assert(
      fc.property(smallRecords, fc.nat(), (records, seed) => {
        const positions = new Random(seed).permutation(records.count);
        const { shape, data } = recordBatch(records, positions);
        const series = records.features.length;
        expect(shape).toEqual([hoursPerRecord, records.count, 2 * series]);
        positions.forEach((position, i) => {
          for (let hour = 0; hour < hoursPerRecord; hour++) {
            const from = (position * hoursPerRecord + hour) * series;
            const row = data.subarray((hour * records.count + i) * 2 * series).subarray(0, 2 * series);
            expect([...row]).toEqual([
              ...records.values.subarray(from, from + series),
              ...records.observed.subarray(from, from + series),
            ]);
          }
        });
      }),
      { numRuns: 5 },
    );
  });
});

describe("a run of physionet", () => {
  it("is a row that says which records it is on, with the same course again from the same seed", async () => {
    const descriptions: string[] = [];
    const row = await runPhysionet(
      { ...smoke, method: "steer+ernode" },
      { threads: 1, onData: (description) => descriptions.push(description) },
    );
    expect(isResultRow(row)).toBe(true);
    expect(row.records).toBe("generated");
    expect(descriptions).toEqual([expect.stringContaining("generated records")]);
    expect(row.testLoss).toBeGreaterThan(0);
    const again = await trainPatientModel({ ...smoke, method: "steer+ernode" }, { threads: 1 });
    again.dispose();
    expect(again.result.curve).toEqual(row.curve);
  });

  it("tells its configurations apart by method, seed, weight, precision and epochs", () => {
    const identities = [
      ...physionetMethods.map((method) => ({ ...smoke, method })),
      { ...smoke, method: "ernode", seed: 2 },
      { ...smoke, method: "ernode", weight: 3 },
      { ...smoke, method: "ernode", precision: "float32" },
      { ...smoke, method: "ernode", epochs: 7 },
    ].map((options) => physionetIdentity("smoke", physionetConfiguration(options as never)));
    expect(new Set(identities.map(({ configuration }) => configuration)).size).toBe(identities.length);
  });
});

describe("a trained model of patients", () => {
  it("reconstructs records with the error that training followed", async () => {
    const trained = await trainPatientModel({ ...smoke, method: "vanilla" }, { threads: 1 });
    const { model, train, configuration, result } = trained;
    const first = Int32Array.from({ length: configuration.batchSize }, (_, i) => i);
    const inputs = recordBatch(train, first);
    const series = train.features.length;
    const last = result.curve[result.curve.length - 1] as unknown as { trainLoss: number; nfe: number };
    const errorOf = (seed: number): number => {
      const { output, steps } = reconstruct(model, result.params, inputs, new Random(seed));
      expect(steps.length).toBeGreaterThan(0);
      const sums = new Float64Array(first.length);
      const counts = new Float64Array(first.length);
      output.data.forEach((value, i) => {
        const [row, column] = [Math.floor(i / series), i % series];
        const cell = 2 * series * row + column;
        const isObserved = inputs.data[cell + series];
        sums[row % first.length] += isObserved * (value - inputs.data[cell]) ** 2;
        counts[row % first.length] += isObserved;
      });
      return sums.reduce((sum, each, i) => sum + each / Math.max(1, counts[i]), 0) / first.length;
    };
    // other samples of the latent starts than those of the evaluation
    expect(errorOf(1)).toBeAllclose(last.trainLoss, { relative: 0.2 });

    const position = 3;
    const view = patientView(trained, train, position, { samples: 5 });
    expect(view.id).toBe(train.ids[position]);
    expect(view.steps[0].t).toBe(0);
    const accepted = view.steps.filter((step) => step.accepted);
    expect(accepted.reduce((sum, { h }) => sum + h, 0)).toBeAllclose(48, { relative: 1e-9 });
    view.series.forEach(({ feature, observed, mean, lowest, highest }, column) => {
      for (const hour of view.hours) {
        expect(mean[hour]).toBeGreaterThanOrEqual(lowest[hour]);
        expect(mean[hour]).toBeLessThanOrEqual(highest[hour]);
        const cell = (position * hoursPerRecord + hour) * series + column;
        expect(observed[hour] !== undefined).toBe(train.observed[cell] === 1);
        const value = observed[hour] ?? feature.minimum;
        expect(value).toBeGreaterThanOrEqual(feature.minimum - 1e-3);
        expect(value).toBeLessThanOrEqual(feature.maximum * (1 + 1e-6));
      }
    });
    expect(() => patientView(trained, train, train.count)).toThrow(`records 0 to ${train.count - 1}`);
    trained.dispose();
  });
});
