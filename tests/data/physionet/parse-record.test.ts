import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRecord } from "../../../src/data/physionet/parse-record.js";
import { patientVariables } from "../../../src/data/physionet/patient-variables.js";
import { recordText } from "./small-physionet.js";

const names = patientVariables.map((variable) => variable.name);
const observation = fc.record({
  minute: fc.integer({ min: 0, max: 2880 }),
  feature: fc.nat({ max: names.length - 1 }),
  value: fc.oneof(
    fc.constant(-1),
    fc.float({ min: 0, max: 20_000, noNaN: true }).map((x) => Number(x.toFixed(3))),
  ),
});
const observations = fc
  .array(observation, { maxLength: 30 })
  .map((all) => all.sort((a, b) => a.minute - b.minute));

const clock = (minute: number) =>
  [Math.floor(minute / 60), minute % 60].map((number) => String(number).padStart(2, "0")).join(":");
const lineOf = ({ minute, feature, value }: { minute: number; feature: number; value: number }) =>
  `${clock(minute)},${names[feature]},${value}`;

test("all observations of the 37 series are found, whatever their order within a minute", () => {
  fc.assert(
    fc.property(observations, (all) => {
      const parsed = parseRecord(recordText(132539, all.map(lineOf)), "132539.txt");
      expect(parsed).toEqual({ id: 132539, observations: all, faults: [] });
    }),
  );
});

test("descriptors may stand among the observations and are none", () => {
  const text =
    "Time,Parameter,Value\n00:00,HR,80\n00:00,Gender,-1\n00:00,RecordID,7\n00:00,Height,-1\n00:00,ICUType,4\n";
  expect(parseRecord(text, "7.txt")).toEqual({
    id: 7,
    observations: [{ minute: 0, feature: names.indexOf("HR"), value: 80 }],
    faults: [],
  });
});

test("numbers with exponents are numbers", () => {
  expect(parseRecord(recordText(7, ["00:00,ALT,1.006e+04"]), "7.txt").observations[0].value).toBe(10_060);
});

test("a file that was cut off is a fault, unless it was cut at the end of a line", () => {
  fc.assert(
    fc.property(observations, fc.nat(), (all, place) => {
      const whole = recordText(7, all.map(lineOf));
      const cut = whole.slice(0, place % whole.length);
      const { faults, observations: found } = parseRecord(cut, "7.txt");
      if (!cut.endsWith("\n") || cut.split("\n").length < 3) expect(faults).not.toEqual([]);
      else expect(faults).toEqual([]);
      expect(all.slice(0, found.length)).toEqual(found);
    }),
  );
});

const header = "Time,Parameter,Value\n";
const good = "00:30,HR,80";

test.each([
  ["an empty file", "", `line 1: expected ${header.trim()}, found ""`],
  ["no header", "00:00,RecordID,7\n", `line 1: expected ${header.trim()}, found "00:00,RecordID,7"`],
  [
    "no RecordID",
    `${header}00:00,Age,54\n`,
    'line 2: expected a line with the RecordID, found "00:00,Age,54"',
  ],
  ["another RecordID", recordText(8), 'line 2: expected RecordID 7, found "8"'],
  [
    "two RecordIDs",
    recordText(7, ["00:00,RecordID,7"]),
    'line 4: expected one RecordID, found "00:00,RecordID,7"',
  ],
  ["two fields", recordText(7, ["00:00,HR"]), 'line 4: expected three fields, found "00:00,HR"'],
  ["four fields", recordText(7, ["00:00,HR,8,0"]), 'line 4: expected three fields, found "00:00,HR,8,0"'],
  ["an empty line", recordText(7, [""]), 'line 4: expected three fields, found ""'],
  ["an unknown parameter", recordText(7, ["00:00,Hr,80"]), 'line 4: expected a parameter, found "Hr"'],
  ["a time of one digit", recordText(7, ["0:30,HR,80"]), 'line 4: expected a time HH:MM, found "0:30"'],
  ["61 minutes", recordText(7, ["00:61,HR,80"]), 'line 4: expected a time HH:MM, found "00:61"'],
  [
    "a time past the end",
    recordText(7, ["48:01,HR,80"]),
    'line 4: expected a time up to 48:00, found "48:01"',
  ],
  [
    "time that goes back",
    recordText(7, [good, "00:29,HR,80"]),
    'line 5: expected a time not before the line above\'s, found "00:29"',
  ],
  ["no value", recordText(7, ["00:30,HR,"]), 'line 4: expected a number, found ""'],
  ["a word for a value", recordText(7, ["00:30,HR,high"]), 'line 4: expected a number, found "high"'],
  ["NaN", recordText(7, ["00:30,HR,NaN"]), 'line 4: expected a number, found "NaN"'],
  ["infinity", recordText(7, ["00:30,HR,Infinity"]), 'line 4: expected a number, found "Infinity"'],
  [
    "a number past all numbers",
    recordText(7, ["00:30,HR,1e400"]),
    'line 4: expected a number, found "1e400"',
  ],
  ["a hexadecimal number", recordText(7, ["00:30,HR,0x50"]), 'line 4: expected a number, found "0x50"'],
  ["carriage returns", recordText(7, ["00:30,HR,80\r"]), 'line 4: expected a number, found "80\\r"'],
  [
    "no end of the last line",
    `${recordText(7)}00:30,HR,8`,
    'line 4: expected a line that ends in a line feed, found "00:30,HR,8"',
  ],
])("%s is named with line and finding, and nothing is guessed", (_, text, fault) => {
  const { faults, observations: found } = parseRecord(text, "7.txt");
  expect(faults).toContain(`7.txt ${fault}`);
  expect(found.every(({ minute, value }) => minute === 30 && value === 80)).toBe(true);
});

test("a fault shows no more than the beginning of a long line", () => {
  const [fault] = parseRecord(recordText(7, ["x".repeat(1e6)]), "7.txt").faults;
  expect(fault).toBe(`7.txt line 4: expected three fields, found "${"x".repeat(60)}"`);
});

test("a file that is not named by a RecordID is a fault", () => {
  expect(parseRecord(recordText(7), "7 (copy).txt").faults[0]).toBe(
    "7 (copy).txt: expected a file named by its RecordID",
  );
});

test("every malformed line is reported, and the good ones between them are kept", () => {
  const bad = fc.constantFrom("00:30,HR", "x,HR,1", "49:00,HR,1", "00:10,Nonsense,1", "00:30,HR,one");
  fc.assert(
    fc.property(fc.array(fc.oneof(bad, fc.constant(good)), { maxLength: 30 }), (lines) => {
      const { faults, observations: found } = parseRecord(recordText(7, lines), "7.txt");
      expect(found).toHaveLength(lines.filter((line) => line === good).length);
      const numbers = faults.map((fault) => Number(/^7\.txt line (\d+): /.exec(fault)?.[1]));
      expect(numbers).toEqual([...lines.keys()].filter((i) => lines[i] !== good).map((i) => i + 4));
    }),
  );
});
