/** A field in which two configurations differ, with both values as JSON. */
export interface Difference {
  /** Names down to the field, joined by dots. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** The first field in which two plain data differ, as JSON has them. */
export function firstDifference(found: unknown, expected: unknown): Difference | undefined {
  const [a, b] = [leavesOf(found), leavesOf(expected)];
  const field = [...b.keys(), ...a.keys()].find((path) => a.get(path) !== b.get(path));
  if (field === undefined) return undefined;
  return { field, found: a.get(field) ?? "absent", expected: b.get(field) ?? "absent" };
}

/** JSON of every number, text and truth value by its path. */
function leavesOf(data: unknown): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) leaves.set(path, JSON.stringify(value));
    else
      for (const [name, item] of Object.entries(value)) visit(item, path === "" ? name : `${path}.${name}`);
  };
  visit(JSON.parse(JSON.stringify(data)), "");
  return leaves;
}
