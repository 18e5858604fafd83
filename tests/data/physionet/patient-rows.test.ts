import fc from "fast-check";
import { expect, test } from "vitest";
import { patientRows } from "../../../src/data/physionet/patient-rows.js";
import { patientVariables } from "../../../src/data/physionet/patient-variables.js";
import { meansOf, recordsOf, someObserved } from "./records.js";

test("a record has one row for each observed hour, with the value in its unit", () => {
  fc.assert(
    fc.property(someObserved, fc.nat(), (observations, place) => {
      const position = place % observations.length;
      const { id, cells, means } = meansOf(observations)[position];
      const rows = patientRows(recordsOf(observations), position);
      const names = patientVariables.map(({ name }) => name);
      expect(
        rows.map(({ hour, feature }) => hour * 37 + names.indexOf(feature)).sort((a, b) => a - b),
      ).toEqual([...cells]);
      for (const { record, hour, feature, meaning, unit, value } of rows) {
        const variable = patientVariables[names.indexOf(feature)];
        expect([record, meaning, unit]).toEqual([id, variable.meaning, variable.unit]);
        expect(Math.abs(value - means[cells.indexOf(hour * 37 + names.indexOf(feature))])).toBeLessThan(0.02);
      }
    }),
  );
});

test("a position without a record is refused", () => {
  const records = recordsOf([[], []]);
  for (const position of [-1, 2, 0.5, Number.NaN]) {
    expect(() => patientRows(records, position)).toThrow(`position must be one of 0 to 1, got ${position}`);
  }
});
