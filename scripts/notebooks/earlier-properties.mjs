// What the kernel gets wrong by types: it takes a property that was declared in an earlier cell for one of that cell's
// names, which it rewrites to properties of an exports object. Where such a property is renamed in a destructuring,
// `{ r: q }` becomes `{ exports, r: q }`: the exports object is then hidden, and with it all names of earlier cells.

import ts from "typescript";

const message =
  "take the property by its own name, or by a dot: renaming a property that an earlier cell declared hides all names of earlier cells";

/**
 * Renamed properties, and where each begins in the module.
 *
 * @param {ts.SourceFile} file the cells as one module
 * @param {ts.TypeChecker} checker
 * @param {(position: number) => number} cellAt which cell a position of the module lies in
 * @returns {{ start: number, messageText: string }[]}
 */
export function renamedEarlierProperties(file, checker, cellAt) {
  /** @type {{ start: number, messageText: string }[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isBindingElement(node) && node.propertyName && isEarlier(node)) {
      found.push({ start: node.getStart(), messageText: message });
    }
    ts.forEachChild(node, visit);
  };
  /** @param {ts.BindingElement} element */
  const isEarlier = ({ parent, propertyName }) => {
    const property = checker.getTypeAtLocation(parent).getProperty(propertyName?.getText() ?? "");
    const declarations = property?.declarations ?? [];
    return declarations.some(
      (declaration) =>
        declaration.getSourceFile() === file && cellAt(declaration.getStart()) < cellAt(parent.getStart()),
    );
  };
  visit(file);
  return found;
}
