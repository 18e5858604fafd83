/** A printed mean over seeds, with its spread where there is one. */
export interface PublishedValue {
  readonly mean: number;
  readonly spread?: number;
}

/** Numbers of a paper, to stand beside ours. */
export interface PublishedTable {
  /** Authors, year, table or figure. */
  readonly source: string;
  /** What differs from run to run here, in words: precision, tolerance, epochs, seeds. */
  readonly setting: string;
  /** Presets of ours whose numbers may stand beside them. */
  readonly presets: readonly string[];
  /** By method, then by the field of a measure, in the unit of the measure's title. */
  readonly results: Readonly<Record<string, Readonly<Record<string, PublishedValue>>>>;
}
