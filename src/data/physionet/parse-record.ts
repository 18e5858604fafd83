import { descriptors, patientVariables } from "./patient-variables.js";

/** One value of one series. */
export interface Observation {
  /** Since admission, 0 to 2880. */
  readonly minute: number;
  /** Position of the series among the 37. */
  readonly feature: number;
  /** In the series' unit. */
  readonly value: number;
}

/** What a file of the challenge says, and where it is malformed. */
export interface ParsedRecord {
  readonly id: number;
  /** In the order of the file, which is that of time. */
  readonly observations: readonly Observation[];
  /** One sentence for each malformed line: the line, what was expected, what was found. */
  readonly faults: readonly string[];
}

const header = "Time,Parameter,Value";
const lastMinute = 48 * 60;
/** Characters that a fault shows of what was found; a line is shorter. */
const shownLength = 60;
const featureOf = new Map(patientVariables.map(({ name }, feature) => [name, feature]));

/**
 * Parses one file of the PhysioNet challenge of 2012: a header, then one observation a line.
 *
 * Series are found by name: the descriptors stand in no dependable place. A malformed line is reported and left out,
 * never guessed.
 *
 * @param fileName such as `132539.txt`, from which the record has its number
 */
export function parseRecord(text: string, fileName: string): ParsedRecord {
  const faults: string[] = [];
  const fault = (line: number, expected: string, found: string): void => {
    faults.push(
      `${fileName} line ${line}: expected ${expected}, found ${JSON.stringify(found.slice(0, shownLength))}`,
    );
  };
  const stem = fileName.replace(/\.txt$/, "");
  const id = Number(stem);
  if (!/^\d{1,9}$/.test(stem)) faults.push(`${fileName}: expected a file named by its RecordID`);

  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  // a file that was cut off may end in a number that lacks its last digits
  if (rest !== "") fault(lines.length + 1, "a line that ends in a line feed", rest);
  if (lines[0] !== header) fault(1, header, lines[0] ?? "");

  const observations: Observation[] = [];
  let latest = 0;
  let idsFound = 0;
  for (let i = 1; i < lines.length; i++) {
    const line = i + 1;
    const fields = lines[i].split(",");
    if (fields.length !== 3) {
      fault(line, "three fields", lines[i]);
      continue;
    }
    const [time, parameter, number] = fields;
    const minute = minutesOf(time);
    const feature = featureOf.get(parameter);
    if (minute === undefined) fault(line, "a time HH:MM", time);
    else if (minute > lastMinute) fault(line, "a time up to 48:00", time);
    else if (minute < latest) fault(line, "a time not before the line above's", time);
    else if (feature === undefined && !descriptors.includes(parameter)) fault(line, "a parameter", parameter);
    else if (!isDecimal(number)) fault(line, "a number", number);
    else {
      latest = minute;
      if (feature !== undefined) observations.push({ minute, feature, value: Number(number) });
      if (parameter !== "RecordID") continue;
      idsFound++;
      if (Number(number) !== id) fault(line, `RecordID ${stem}`, number);
      if (idsFound > 1) fault(line, "one RecordID", lines[i]);
    }
  }
  if (idsFound === 0) fault(2, "a line with the RecordID", lines[1] ?? "");
  return { id, observations, faults };
}

/** Minutes since admission, or undefined when the text is no time. */
function minutesOf(time: string): number | undefined {
  if (!/^\d\d:[0-5]\d$/.test(time)) return undefined;
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** A number such as -1, 7.35 or 1.006e+04; no NaN, infinity, blanks or nothing, which `Number` would let pass. */
function isDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?(e[+-]?\d\d?)?$/.test(text);
}
