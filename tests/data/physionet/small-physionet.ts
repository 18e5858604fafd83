import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { PatientDataSet } from "../../../src/data/manifest.js";
import { publish } from "../small-mnist.js";

/** Files of a set by name. */
export type RecordTexts = ReadonlyMap<string, string>;

/** A record as the challenge writes it. */
export function recordText(id: number, lines: readonly string[] = []): string {
  return ["Time,Parameter,Value", `00:00,RecordID,${id}`, "00:00,Age,54", ...lines, ""].join("\n");
}

/** Two sets of two and one records, with a weight that is unknown at first. */
export const smallSets: Readonly<Record<"set-a" | "set-b", RecordTexts>> = {
  "set-a": new Map([
    ["101.txt", recordText(101, ["00:00,Weight,-1", "00:20,HR,80", "00:25,HR,90", "01:30,HR,70"])],
    ["103.txt", recordText(103, ["00:10,Weight,60", "47:59,Temp,37.5"])],
  ]),
  "set-b": new Map([["202.txt", recordText(202, ["02:00,HR,120", "02:00,MechVent,1"])]]),
};

/** A manifest entry for the small sets, in archives as {@link archive} makes them. */
export function publishSets(sets: Readonly<Record<string, RecordTexts>> = smallSets): PatientDataSet {
  const archives = Object.entries(sets).map(
    ([set, texts]) => [`${set}.tar.gz`, archive(set, texts)] as const,
  );
  const records = Object.entries(sets).map(([name, texts]) => ({
    name,
    count: texts.size,
    sha256: sha256([...texts].map(([file, text]) => `${sha256(text)}  ${file}\n`).join("")),
  }));
  return { ...publish(new Map(archives)), records };
}

/** The set as a compressed archive of a folder. */
export function archive(set: string, texts: RecordTexts): Uint8Array {
  const files = [...texts].map(([name, text]) => ({ name: `${set}/${name}`, content: Buffer.from(text) }));
  return new Uint8Array(gzipSync(encodeTar([{ name: `${set}/`, type: "5" }, ...files])));
}

/** Writes the sets' archives into a folder. */
export function fillWithArchives(
  folder: string,
  sets: Readonly<Record<string, RecordTexts>> = smallSets,
): void {
  mkdirSync(folder, { recursive: true });
  for (const [set, texts] of Object.entries(sets)) {
    writeFileSync(join(folder, `${set}.tar.gz`), archive(set, texts));
  }
}

/** Writes the sets unpacked into a folder. */
export function fillWithFolders(
  folder: string,
  sets: Readonly<Record<string, RecordTexts>> = smallSets,
): void {
  for (const [set, texts] of Object.entries(sets)) {
    mkdirSync(join(folder, set), { recursive: true });
    for (const [name, text] of texts) writeFileSync(join(folder, set, name), text);
  }
}

/** What goes into an archive. */
export interface TarEntry {
  readonly name: string;
  readonly content?: Uint8Array;
  /** The type flag; "0" is a regular file, "5" a folder. */
  readonly type?: string;
  readonly prefix?: string;
  /** Magic and version. */
  readonly magic?: string;
}

/** Writes an archive as POSIX.1-1988 says. */
export function encodeTar(entries: readonly TarEntry[]): Uint8Array {
  const blocks = entries.flatMap(({ content = new Uint8Array(0), ...entry }) => {
    const padding = new Uint8Array(-content.length & 511);
    return [tarHeader({ content, ...entry }), content, padding];
  });
  return new Uint8Array(Buffer.concat([...blocks, new Uint8Array(1024)]));
}

function tarHeader({ name, content, type = "0", prefix = "", magic = "ustar\0" }: TarEntry): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0, "latin1");
  header.write("0000644\0", 100, "latin1");
  header.write(`${(content?.length ?? 0).toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.write(" ".repeat(8), 148, "latin1");
  header.write(type, 156, "latin1");
  header.write(magic, 257, "latin1");
  header.write(prefix, 345, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
