import { elementwise, isElementwiseName } from "../../../operations/elementwise-table.js";
import { libraryFunctions } from "../../../operations/library-functions.js";

/** JavaScript source of the functions on doubles that a module imports, by name. */
export function hostSources(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, hostSource(name)]));
}

/** Whether a function needs nothing but the language, so that every thread can evaluate it. */
export function isSelfContained(source: string): boolean {
  return !Object.keys(libraryFunctions).some((name) => source.includes(`${name}(`));
}

function hostSource(name: string): string {
  if (!isElementwiseName(name)) {
    throw new Error(`internal: a program imports "${name}", which the host does not have`);
  }
  const operands = ["a", "b", "c"].slice(0, elementwise(name).arity);
  return `(${operands}) => ${elementwise(name).javascript(...operands)}`;
}
