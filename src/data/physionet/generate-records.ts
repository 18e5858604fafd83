import { Random } from "../../compiler/random.js";
import { bodySystems, type GeneratedSeries, generatedSeries, quantileLevels } from "./generated-series.js";
import { type HourlyMeans, observedMeans } from "./hourly-means.js";
import { normalisedRecords } from "./normalised-records.js";
import { hoursPerRecord, type PatientRecords } from "./patient-records.js";
import { randomCourse } from "./random-course.js";

/** As many as sets A and B have; the counts of the table are out of so many. */
export const generatedCount = 8000;

const features = generatedSeries.length;

/** What makes a series standard normal: states of the body that it follows, and in the rest of the variance its own course. */
const mixtures = generatedSeries.map(({ name }) => {
  const followed = bodySystems
    .map(({ series }, system) => ({ system, correlation: series[name] ?? 0 }))
    .filter(({ correlation }) => correlation !== 0);
  return {
    followed,
    ownWeight: Math.sqrt(1 - followed.reduce((sum, { correlation }) => sum + correlation ** 2, 0)),
  };
});

/** When the series of one panel are measured in one record. */
interface MeasuringPlan {
  /** Uniform; a series is measured at all when the share of records that have it is larger. */
  readonly presence: number;
  /** The hour in which it then is measured for sure. */
  readonly sureHour: number;
  /** Uniform; of the other hours those in which the series' rate is larger. */
  readonly hours: Float64Array;
}

/**
 * Makes up records that look like those of intensive care: no patient's, and no ground for a statement about patients.
 *
 * They have the series, units, rates and distributions of the PhysioNet challenge of 2012, without its outliers: each
 * series is a normal number with a smooth course, bent to the published quantiles, and correlated with others through
 * a few hidden states of the body. Whether an hour is measured is drawn apart from the values, which in a hospital it is
 * not. Record n is the same however many are made. Normalised by the published extremes, so that a value means the
 * same as in the published records.
 */
export function generateRecords(count: number = generatedCount): PatientRecords {
  const random = new Random(0).split("generated records");
  const records = Array.from({ length: count }, (_, i) => generateRecord(i + 1, random.split(`${i + 1}`)));
  const stays = `${count.toLocaleString("en-US")} made-up stays of no real patients`;
  const description = `generated records: ${stays}, with the rates and distributions of PhysioNet 2012`;
  const ranges = generatedSeries.map(({ range: [minimum, maximum] }) => ({ minimum, maximum }));
  return normalisedRecords(records, { source: "generated", description }, ranges);
}

function generateRecord(id: number, random: Random): HourlyMeans {
  const states = bodySystems.map((system) => randomCourse(system, random));
  const plans = new Map<string, MeasuringPlan>();
  const values = new Float64Array(hoursPerRecord * features).fill(Number.NaN);
  for (const [feature, series] of generatedSeries.entries()) {
    const plan = plans.get(series.panel) ?? measuringPlan(random);
    plans.set(series.panel, plan);
    const hours = measuredHours(series, plan);
    if (hours.length === 0) continue;
    const own = randomCourse(series, random);
    const { ownWeight, followed } = mixtures[feature];
    for (const hour of hours) {
      let score = ownWeight * own[hour];
      for (const { system, correlation } of followed) score += correlation * states[system][hour];
      values[hour * features + feature] = valueAtScore(score, series.quantiles);
    }
  }
  return observedMeans(id, values);
}

function measuringPlan(random: Random): MeasuringPlan {
  return {
    presence: random.uniform(),
    sureHour: random.integer(hoursPerRecord),
    hours: Float64Array.from({ length: hoursPerRecord }, () => random.uniform()),
  };
}

/** One hour for sure and the others at a rate, so that both counts of the table come out: of records and of cells. */
function measuredHours({ records, cells }: GeneratedSeries, plan: MeasuringPlan): number[] {
  if (plan.presence >= records / generatedCount) return [];
  const rate = (cells / records - 1) / (hoursPerRecord - 1);
  const hours: number[] = [];
  for (let hour = 0; hour < hoursPerRecord; hour++) {
    if (hour === plan.sureHour || plan.hours[hour] < rate) hours.push(hour);
  }
  return hours;
}

/** The value at a standard normal number: linear between the quantiles, and no further than the outermost. */
function valueAtScore(score: number, quantiles: readonly number[]): number {
  const next = quantileLevels.findIndex((level) => score < level.score);
  if (next < 0) return quantiles[quantiles.length - 1];
  if (next === 0) return quantiles[0];
  const [left, right] = [quantileLevels[next - 1].score, quantileLevels[next].score];
  const share = (score - left) / (right - left);
  return quantiles[next - 1] + share * (quantiles[next] - quantiles[next - 1]);
}
