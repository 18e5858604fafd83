import { elementwiseFunction, isElementwiseName } from "../../operations/elementwise-table.js";

/** The functions on doubles that a module imports, by name. */
export function hostFunctions(names: readonly string[]): Record<string, (...x: number[]) => number> {
  return Object.fromEntries(names.map((name) => [name, hostFunction(name)]));
}

function hostFunction(name: string): (...x: number[]) => number {
  if (isElementwiseName(name)) return elementwiseFunction(name);
  throw new Error(`internal: a program imports "${name}", which the host does not have`);
}
