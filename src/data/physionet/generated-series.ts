/** How one series of generated records is measured and distributed. */
export interface GeneratedSeries {
  readonly name: string;
  /** Series of one panel are measured in the same hours. */
  readonly panel: string;
  /** Of 8,000 records, those that have the series at all. */
  readonly records: number;
  /** Of the 8,000 x 49 hours, those with a value. */
  readonly cells: number;
  /** Extremes of the hourly means; the generator normalises by them, and stays far inside. */
  readonly range: readonly [minimum: number, maximum: number];
  /** Values at {@link quantileLevels}, in the series' unit. */
  readonly quantiles: readonly number[];
  /** Share of the variance, on the normal scale, that is a patient's own and stays as it is. */
  readonly constant: number;
  /** Share of the variance that differs from hour to hour; the rest changes smoothly. */
  readonly noise: number;
}

/** Probabilities of the quantiles, with the standard normal number below which a number falls with that probability. */
export const quantileLevels: readonly { readonly probability: number; readonly score: number }[] = [
  { probability: 0.005, score: -2.5758 },
  { probability: 0.05, score: -1.6449 },
  { probability: 0.25, score: -0.6745 },
  { probability: 0.5, score: 0 },
  { probability: 0.75, score: 0.6745 },
  { probability: 0.95, score: 1.6449 },
  { probability: 0.995, score: 2.5758 },
];

/**
 * Counted on the hourly means of sets A and B of the PhysioNet challenge of 2012, weights of -1 left out (but for the
 * range). `constant` and `noise` are read off the autocorrelation of the values' normal scores, by eye.
 */
// biome-ignore format: a table
export const generatedSeries: readonly GeneratedSeries[] = [
  { name: "Weight", panel: "scales", records: 7384, cells: 202469, range: [-1, 472], quantiles: [40, 51.1, 67.2, 80, 95.4, 127.5, 185], constant: 0.97, noise: 0 },
  { name: "Albumin", panel: "liver", records: 3246, cells: 4803, range: [1, 5.3], quantiles: [1.3, 1.9, 2.4, 2.9, 3.4, 4, 4.5], constant: 0.7, noise: 0.1 },
  { name: "ALP", panel: "liver", records: 3379, cells: 6290, range: [12, 2205], quantiles: [24, 39, 59, 82, 124, 302, 939], constant: 0.9, noise: 0.05 },
  { name: "ALT", panel: "liver", records: 3456, cells: 6467, range: [1, 16920], quantiles: [5, 10, 21, 43, 151, 1890, 7900], constant: 0.9, noise: 0.02 },
  { name: "AST", panel: "liver", records: 3461, cells: 6471, range: [4, 18430], quantiles: [10, 16, 30, 62, 209, 2493, 9730], constant: 0.85, noise: 0.02 },
  { name: "Bilirubin", panel: "liver", records: 3446, cells: 6511, range: [0, 59.4], quantiles: [0.1, 0.2, 0.5, 0.9, 2.4, 12, 37.3], constant: 0.95, noise: 0.02 },
  { name: "BUN", panel: "chemistry", records: 7880, cells: 27757, range: [0, 209], quantiles: [3, 7, 13, 20, 34, 74, 132], constant: 0.9, noise: 0.02 },
  { name: "Cholesterol", panel: "lipids", records: 648, cells: 671, range: [28, 360], quantiles: [51, 92, 125, 152, 184, 230, 307], constant: 0.8, noise: 0.1 },
  { name: "Creatinine", panel: "chemistry", records: 7880, cells: 27895, range: [0.1, 22.1], quantiles: [0.3, 0.5, 0.7, 1, 1.5, 4.3, 10.2], constant: 0.9, noise: 0.02 },
  { name: "DiasABP", panel: "arterial line", records: 5610, cells: 206473, range: [0, 272], quantiles: [29, 42, 51, 58, 67, 82, 100], constant: 0.4, noise: 0.2 },
  { name: "FiO2", panel: "ventilator", records: 5419, cells: 60737, range: [0.21, 1], quantiles: [0.3, 0.4, 0.4, 0.5, 0.6, 1, 1], constant: 0.2, noise: 0.3 },
  { name: "GCS", panel: "examination", records: 7871, cells: 122879, range: [3, 15], quantiles: [3, 3, 8, 13, 15, 15, 15], constant: 0.4, noise: 0.2 },
  { name: "Glucose", panel: "chemistry", records: 7799, cells: 26121, range: [8, 1289], quantiles: [51, 79, 105, 127, 158, 246, 477], constant: 0.2, noise: 0.1 },
  { name: "HCO3", panel: "chemistry", records: 7863, cells: 27171, range: [5, 52], quantiles: [9, 15, 20, 23, 26, 31, 38], constant: 0.7, noise: 0.05 },
  { name: "HCT", panel: "blood count", records: 7876, cells: 36525, range: [5.5, 61.8], quantiles: [18.8, 23.2, 27.4, 30.3, 33.6, 39.6, 46], constant: 0.4, noise: 0.1 },
  { name: "HR", panel: "monitor", records: 7872, cells: 344810, range: [0, 199.5], quantiles: [48, 60, 74, 86, 98, 118, 139], constant: 0.5, noise: 0.08 },
  { name: "K", panel: "chemistry", records: 7831, cells: 29045, range: [1.8, 22.9], quantiles: [2.7, 3.2, 3.7, 4.1, 4.5, 5.3, 6.7], constant: 0.3, noise: 0.1 },
  { name: "Lactate", panel: "lactate", records: 4398, cells: 16062, range: [0.3, 29.3], quantiles: [0.6, 0.9, 1.4, 2.1, 3.5, 8.1, 15.3], constant: 0.5, noise: 0.05 },
  { name: "Mg", panel: "chemistry", records: 7814, cells: 27267, range: [0, 21], quantiles: [1.1, 1.4, 1.8, 2, 2.2, 2.7, 3.5], constant: 0.3, noise: 0.1 },
  { name: "MAP", panel: "arterial line", records: 5598, cells: 205414, range: [0, 298], quantiles: [50, 60, 70, 78, 89, 108, 134], constant: 0.3, noise: 0.25 },
  { name: "MechVent", panel: "ventilator", records: 5040, cells: 58055, range: [1, 1], quantiles: [1, 1, 1, 1, 1, 1, 1], constant: 0.5, noise: 0.1 },
  { name: "Na", panel: "chemistry", records: 7862, cells: 27228, range: [98, 177], quantiles: [122, 131, 136, 139, 142, 147, 156], constant: 0.75, noise: 0.05 },
  { name: "NIDiasABP", panel: "cuff", records: 7001, cells: 161897, range: [0, 180], quantiles: [25, 37, 48, 57, 68, 85, 103], constant: 0.4, noise: 0.3 },
  { name: "NIMAP", panel: "cuff", records: 6997, cells: 159798, range: [0, 194], quantiles: [46.67, 56.33, 67, 76, 87, 104, 122.3], constant: 0.4, noise: 0.25 },
  { name: "NISysABP", panel: "cuff", records: 7027, cells: 162118, range: [0, 274], quantiles: [74.5, 89.33, 104, 118, 134, 159, 185.5], constant: 0.4, noise: 0.2 },
  { name: "PaCO2", panel: "blood gas", records: 6035, cells: 44537, range: [0, 100], quantiles: [21, 28, 35, 39, 44, 56, 81], constant: 0.35, noise: 0.25 },
  { name: "PaO2", panel: "blood gas", records: 6034, cells: 44458, range: [0, 500], quantiles: [49, 66, 90, 120, 173, 352, 462], constant: 0.1, noise: 0.15 },
  { name: "pH", panel: "blood gas", records: 6071, cells: 46494, range: [0.4, 735], quantiles: [7.11, 7.24, 7.33, 7.38, 7.43, 7.48, 7.55], constant: 0.2, noise: 0.1 },
  { name: "Platelets", panel: "blood count", records: 7870, cells: 28302, range: [5, 2292], quantiles: [20, 58, 118, 172, 238, 382, 639], constant: 0.9, noise: 0.02 },
  { name: "RespRate", panel: "monitor", records: 2228, cells: 92781, range: [0, 100], quantiles: [8, 12, 16, 19, 23, 29, 38], constant: 0.4, noise: 0.35 },
  { name: "SaO2", panel: "saturation", records: 3545, cells: 15230, range: [1.06, 100], quantiles: [81, 92.5, 96, 97, 98, 99, 100], constant: 0.2, noise: 0.4 },
  { name: "SysABP", panel: "arterial line", records: 5610, cells: 206501, range: [0, 285], quantiles: [61, 89, 104, 117.3, 134, 161, 189], constant: 0.35, noise: 0.25 },
  { name: "Temp", panel: "thermometer", records: 7871, cells: 140999, range: [-17.8, 42.2], quantiles: [34.1, 35.7, 36.6, 37.1, 37.7, 38.4, 39.4], constant: 0.2, noise: 0.05 },
  { name: "TroponinI", panel: "troponin I", records: 386, cells: 811, range: [0.3, 49.6], quantiles: [0.3, 0.3, 1, 3.1, 11, 34, 47.5], constant: 0.8, noise: 0.05 },
  { name: "TroponinT", panel: "troponin T", records: 1805, cells: 4289, range: [0.01, 24.91], quantiles: [0.01, 0.02, 0.06, 0.19, 0.89, 5.64, 19.53], constant: 0.8, noise: 0.05 },
  { name: "Urine", panel: "catheter", records: 7787, cells: 264170, range: [0, 11000], quantiles: [0, 15, 40, 70, 140, 375, 900], constant: 0.2, noise: 0.3 },
  { name: "WBC", panel: "blood count", records: 7861, cells: 25889, range: [0, 6251.9], quantiles: [0.5, 4.4, 8.3, 11.4, 15.4, 24.6, 48.3], constant: 0.75, noise: 0.05 },
];

/** A hidden state of a patient that several series follow. */
export interface BodySystem {
  readonly name: string;
  /** As of a series. */
  readonly constant: number;
  readonly noise: number;
  /** Correlation of each series with the state, on the normal scale. */
  readonly series: Readonly<Record<string, number>>;
}

/** Chosen so that series of one system correlate as the published records do, to about 0.2 where they do so strongly. */
// biome-ignore format: a table
export const bodySystems: readonly BodySystem[] = [
  { name: "blood pressure", constant: 0.4, noise: 0.15,
    series: { DiasABP: 0.85, MAP: 0.97, SysABP: 0.75, NIDiasABP: 0.55, NIMAP: 0.65, NISysABP: 0.65, Urine: 0.2, Lactate: -0.2, Albumin: 0.25 } },
  { name: "reading of the cuff", constant: 0.3, noise: 0.4, series: { NIDiasABP: 0.65, NIMAP: 0.7, NISysABP: 0.45 } },
  { name: "kidney", constant: 0.9, noise: 0.02,
    series: { BUN: 0.87, Creatinine: 0.87, K: 0.3, Mg: 0.25, HCO3: -0.25, Urine: -0.3 } },
  { name: "liver", constant: 0.85, noise: 0.02,
    series: { AST: 0.95, ALT: 0.9, Bilirubin: 0.45, ALP: 0.3, Lactate: 0.4, Platelets: -0.35 } },
  { name: "metabolic acid", constant: 0.5, noise: 0.05, series: { HCO3: -0.7, pH: -0.6, Lactate: 0.35, K: 0.2 } },
  { name: "retained carbon dioxide", constant: 0.4, noise: 0.15, series: { PaCO2: 0.85, pH: -0.5, HCO3: 0.55, RespRate: -0.2 } },
  { name: "oxygenation", constant: 0.15, noise: 0.15, series: { PaO2: 0.88, SaO2: 0.88, FiO2: -0.2, GCS: -0.25 } },
  { name: "inflammation", constant: 0.4, noise: 0.05,
    series: { HR: 0.55, RespRate: 0.55, Temp: 0.5, WBC: 0.25, Glucose: 0.2, Lactate: 0.2 } },
  { name: "nutrition", constant: 0.8, noise: 0.05, series: { Albumin: 0.7, Cholesterol: 0.65, HCT: 0.45 } },
];
