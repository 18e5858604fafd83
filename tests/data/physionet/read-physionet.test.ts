import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/data/data-error.js";
import { patientVariables } from "../../../src/data/physionet/patient-variables.js";
import { readPhysionet } from "../../../src/data/physionet/read-physionet.js";
import { temporaryFolder } from "../small-mnist.js";
import {
  archive,
  fillWithArchives,
  fillWithFolders,
  publishSets,
  recordText,
  smallSets,
} from "./small-physionet.js";

const cell = (hour: number, name: string) =>
  hour * 37 + patientVariables.findIndex((variable) => variable.name === name);

test.each([
  ["archives", fillWithArchives],
  ["folders", fillWithFolders],
])("records come from %s, in the order of their RecordIDs, averaged hour by hour", async (_, fillFolder) => {
  const folder = temporaryFolder();
  fillFolder(folder);
  const records = await readPhysionet(folder, "keep", publishSets());
  expect(records.map(({ id, cells, means }) => [id, [...cells], [...means]])).toEqual([
    [101, [cell(0, "Weight"), cell(0, "HR"), cell(2, "HR")], [-1, 85, 70]],
    [103, [cell(0, "Weight"), cell(48, "Temp")], [60, 37.5]],
    [202, [cell(2, "HR"), cell(2, "MechVent")], [120, 1]],
  ]);
});

test("an unknown weight can be left out, and is not averaged with a known one then", async () => {
  const sets = {
    "set-a": new Map([["5.txt", recordText(5, ["00:00,Weight,-1", "00:10,Weight,81", "00:10,HR,-1"])]]),
  };
  const folder = temporaryFolder();
  fillWithFolders(folder, sets);
  const means = async (unknownWeight: "keep" | "drop") => {
    const [record] = await readPhysionet(folder, unknownWeight, publishSets(sets));
    return [...record.means];
  };
  expect(await means("keep")).toEqual([40, -1]);
  expect(await means("drop")).toEqual([81, -1]);
});

test("an archive is preferred to a folder, and files that are no records are passed over", async () => {
  const folder = temporaryFolder();
  fillWithFolders(folder);
  writeFileSync(join(folder, "set-a", "index.html"), "<html>");
  expect(await readPhysionet(folder, "keep", publishSets())).toHaveLength(3);
  fillWithArchives(folder);
  rmSync(join(folder, "set-a"), { recursive: true });
  writeFileSync(join(folder, "set-b", "202.txt"), "not looked at");
  expect(await readPhysionet(folder, "keep", publishSets())).toHaveLength(3);
});

describe("refused, with place and advice:", () => {
  const refused = async (spoil: (folder: string) => void, message: RegExp) => {
    const folder = temporaryFolder();
    fillWithFolders(folder);
    spoil(folder);
    const reading = readPhysionet(folder, "keep", publishSets());
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message);
  };
  const replace = (text: string) => (folder: string) => writeFileSync(join(folder, "set-a", "101.txt"), text);

  test("malformed lines, counted, the first five named", () => {
    const lines = Array.from({ length: 1000 }, () => "00:30,HR,x");
    return refused(
      replace(recordText(101, lines)),
      /set-a is malformed in 1000 places: 101\.txt line 4: expected a number, found "x"; (101\.txt line \d.*?; ){4}and 995 more; repair it$/,
    );
  });
  test("a record with another value", () =>
    refused(
      replace(recordText(101, ["00:00,HR,81"])),
      /set-a does not hold the published records: expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}; repair it$/,
    ));
  test("a record under another's name", () =>
    refused(replace(recordText(103)), /101\.txt line 2: expected RecordID 101, found "103"/));
  test("a record too few", () =>
    refused(
      (folder) => rmSync(join(folder, "set-a", "101.txt")),
      /set-a: expected 2 records, found 1; repair it$/,
    ));
  test("a record twice", () =>
    refused((folder) => {
      const twice = new Map([...(smallSets["set-a"] ?? []), ["0101.txt", recordText(101)]]);
      writeFileSync(join(folder, "set-a.tar.gz"), archive("set-a", twice));
    }, /0101\.txt: expected one file of record 101, found another/));
  test("a set that is missing", () =>
    refused(
      (folder) => rmSync(join(folder, "set-b"), { recursive: true }),
      /has no set-b\.tar\.gz and no folder set-b; repair it$/,
    ));
  test("a folder in a record's place", () =>
    refused(
      (folder) => mkdirSync(join(folder, "set-a", "104.txt")),
      /104\.txt cannot be read \(EISDIR\); repair it$/,
    ));
  test("a file in a set's place", () =>
    refused((folder) => {
      rmSync(join(folder, "set-a"), { recursive: true });
      writeFileSync(join(folder, "set-a"), "");
    }, /set-a cannot be read \(ENOTDIR\); repair it$/));
  test("an archive that is no gzip", () =>
    refused(
      (folder) => writeFileSync(join(folder, "set-a.tar.gz"), "<html>"),
      /set-a\.tar\.gz is damaged: expected gzip, found incorrect header check; repair it$/,
    ));
  test("an archive that was cut off", () =>
    refused(
      (folder) =>
        writeFileSync(join(folder, "set-a.tar.gz"), archive("set-a", smallSets["set-a"]).slice(0, -20)),
      /set-a\.tar\.gz is damaged: expected gzip, found unexpected end of file; repair it$/,
    ));
});
