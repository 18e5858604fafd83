/** A property that stands in for another while something runs. */
export interface Replacement {
  readonly owner: object;
  readonly key: PropertyKey;
  readonly value: unknown;
}

/** Runs a function while properties are replaced; puts everything back, whatever happens. */
export function withReplaced<T>(replacements: readonly Replacement[], run: () => T): T {
  const originals = replacements.map(({ owner, key }) => Object.getOwnPropertyDescriptor(owner, key));
  for (const { owner, key, value } of replacements) {
    Object.defineProperty(owner, key, { value, configurable: true, writable: true });
  }
  try {
    return run();
  } finally {
    replacements.forEach(({ owner, key }, i) => {
      const original = originals[i];
      if (original) Object.defineProperty(owner, key, original);
      else Reflect.deleteProperty(owner, key);
    });
  }
}
