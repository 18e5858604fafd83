import { valueInUnit } from "./normalised-records.js";
import type { PatientRecords } from "./patient-records.js";

/** One observed hour of one series, as a chart takes it. */
export interface PatientRow {
  /** The RecordID. */
  readonly record: number;
  /** Since admission, 0 to 48. */
  readonly hour: number;
  /** The series' name in the files, such as `HR`. */
  readonly feature: string;
  /** The series in words. */
  readonly meaning: string;
  readonly unit: string;
  /** In the unit. */
  readonly value: number;
}

/**
 * What was observed of one record, series by series and hour by hour; no row where nothing was.
 *
 * @param position of the record, from 0
 * @throws RangeError when there is no record at the position
 */
export function patientRows(records: PatientRecords, position: number): PatientRow[] {
  const { count, ids, times, features, values, observed } = records;
  if (!(Number.isInteger(position) && position >= 0 && position < count)) {
    throw new RangeError(`patientRows: position must be one of 0 to ${count - 1}, got ${position}`);
  }
  return features.flatMap((feature, column) => {
    const { name, meaning, unit } = feature;
    const cellOf = (hour: number): number => (position * times.length + hour) * features.length + column;
    return times
      .filter((hour) => observed[cellOf(hour)] === 1)
      .map((hour) => {
        const value = valueInUnit(values[cellOf(hour)], feature);
        return { record: ids[position], hour, feature: name, meaning, unit, value };
      });
  });
}
