/** What an expression is made of, for one kind of numbers: doubles, or tensors. */
export interface Arithmetic<T> {
  constant(value: number): T;
  /** The value of a name: "t", "y[3]", "p.w", "sin" of an argument. */
  variable(name: string): T;
  apply(operation: "+" | "-" | "*" | "/" | "**", left: T, right: T): T;
  call(name: string, argument: T): T;
}

const token = /\s*(\d+\.?\d*(?:e[+-]?\d+)?|y\[\d+\]|p\.\w+|[a-z]\w*|\*\*|[-+*/()])/y;

/**
 * Evaluates an expression in the syntax of the reference problems, with the usual precedence: `**` binds tighter than a
 * sign before it, and to the right.
 */
export function evaluate<T>(text: string, arithmetic: Arithmetic<T>): T {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (...wanted: string[]): string | undefined =>
    wanted.includes(tokens[at]) ? tokens[at++] : undefined;

  const chain = (operand: () => T, ...operations: ("+" | "-" | "*" | "/")[]): T => {
    let value = operand();
    for (let operation = take(...operations); operation; operation = take(...operations)) {
      value = arithmetic.apply(operation as "+", value, operand());
    }
    return value;
  };
  const sum = (): T => chain(product, "+", "-");
  const product = (): T => chain(signed, "*", "/");
  const signed = (): T => (take("-") ? arithmetic.apply("*", arithmetic.constant(-1), signed()) : power());
  const power = (): T => {
    const base = atom();
    return take("**") ? arithmetic.apply("**", base, signed()) : base;
  };
  const parenthesized = (): T => {
    const value = sum();
    if (!take(")")) throw new SyntaxError(`a parenthesis is open in ${text}`);
    return value;
  };
  const atom = (): T => {
    if (take("(")) return parenthesized();
    const name = tokens[at++];
    if (/^\d/.test(name)) return arithmetic.constant(Number(name));
    return take("(") ? arithmetic.call(name, parenthesized()) : arithmetic.variable(name);
  };

  const value = sum();
  if (at !== tokens.length) throw new SyntaxError(`"${tokens[at]}" was not expected in ${text}`);
  return value;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new SyntaxError(`cannot read "${text.slice(from)}"`);
    tokens.push(match[1]);
  }
  return tokens;
}
