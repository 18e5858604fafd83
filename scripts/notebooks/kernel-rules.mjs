// What is valid TypeScript but goes wrong in the tslab kernel, which rewrites each name of an earlier cell to a property
// of an exports object. Each rule looks at one syntax node and says what to write instead.

import ts from "typescript";

/**
 * What is known of the cell in which a node stands: its types, and the top-level names of the cells before it.
 *
 * @typedef {{ checker: ts.TypeChecker, earlier: ReadonlySet<string>, insideFunction: boolean }} Context
 * @typedef {(node: ts.Node, context: Context) => string | undefined} Rule
 */

/** @type {Rule} */
function shorthandOfEarlierName(node, { checker, earlier }) {
  if (!ts.isShorthandPropertyAssignment(node)) return undefined;
  const name = node.name.text;
  const declarations = checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? [];
  if (!earlier.has(name) || declarations.length > 0) return undefined;
  return `write "${name}: ${name}": the shorthand does not see names of earlier cells`;
}

/** @type {Rule} */
function destructuringOfEarlierValue(node, context) {
  if (!ts.isVariableDeclaration(node) || !ts.isObjectBindingPattern(node.name) || !node.initializer)
    return undefined;
  const plain = node.name.elements.every(
    (element) => !element.propertyName && !element.initializer && !element.dotDotDotToken,
  );
  if (plain || !belongsToEarlierCell(leftmost(node.initializer), context)) return undefined;
  return "take the properties one by one: renaming, defaults, rest and nesting fail on a value of an earlier cell";
}

/** @type {Rule} */
function assignmentToEarlierName(node, context) {
  const target = assignedTo(node);
  if (!target || !belongsToEarlierCell(target, context)) return undefined;
  return `keep what changes in an object: functions of earlier cells do not see this change of "${target.getText()}"`;
}

/** @type {Rule} */
function parenthesisAfterAwait(node, { insideFunction }) {
  if (insideFunction || !ts.isAwaitExpression(node)) return undefined;
  if (!ts.isParenthesizedExpression(leftmost(node.expression))) return undefined;
  return 'name what is awaited: at top level "await (" is read as a call of a function "await"';
}

/** @type {Rule} */
function forAwaitAtTopLevel(node, { insideFunction }) {
  if (insideFunction || !ts.isForOfStatement(node) || !node.awaitModifier) return undefined;
  return 'move "for await" into a function: at top level it does not compile';
}

/** @type {Rule} */
function namespaceDeclaration(node) {
  return ts.isModuleDeclaration(node)
    ? "use an object or a class: a namespace does not outlive its cell"
    : undefined;
}

/** @type {Rule} */
function dynamicImport(node) {
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? "use an import statement: import() becomes require() and has no type" : undefined;
}

/** @type {Rule} */
function interruptListener(node) {
  const listens =
    ts.isCallExpression(node) && /^process\.(on|once|addListener)$/.test(node.expression.getText());
  const [event] = listens ? node.arguments : [];
  if (!event || !ts.isStringLiteralLike(event) || event.text !== "SIGINT") return undefined;
  return "leave SIGINT to the library: a listener set in a cell lets an interrupt end the kernel";
}

/** @type {Readonly<Record<string, Rule>>} */
export const kernelRules = {
  shorthandOfEarlierName,
  destructuringOfEarlierValue,
  assignmentToEarlierName,
  parenthesisAfterAwait,
  forAwaitAtTopLevel,
  namespaceDeclaration,
  dynamicImport,
  interruptListener,
};

/**
 * @param {ts.Node} node
 * @returns {ts.Node | undefined}
 */
function assignedTo(node) {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return assigns ? node.left : undefined;
  }
  if (ts.isPostfixUnaryExpression(node)) return node.operand;
  const counts = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken];
  return ts.isPrefixUnaryExpression(node) && counts.includes(node.operator) ? node.operand : undefined;
}

/**
 * @param {ts.Node} node
 * @param {Context} context
 */
function belongsToEarlierCell(node, { checker, earlier }) {
  return ts.isIdentifier(node) && earlier.has(node.text) && !checker.getSymbolAtLocation(node);
}

/**
 * The node with which the text of an expression begins: `a` in `a.b(c)`.
 *
 * @param {ts.Expression} expression
 * @returns {ts.Expression}
 */
function leftmost(expression) {
  if (ts.isParenthesizedExpression(expression) || !("expression" in expression)) return expression;
  return leftmost(/** @type {ts.Expression} */ (expression.expression));
}
