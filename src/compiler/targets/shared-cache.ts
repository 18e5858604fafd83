/** Something that holds programs and can give them back. */
interface Disposable {
  dispose(): void;
}

interface Entry<T> {
  readonly value: T;
  users: number;
}

/** Keeps the most recently used things, up to a limit; what is in use is never disposed of. */
export class SharedCache<T extends Disposable> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(private readonly limit: number) {}

  /** How many things are kept. */
  get size(): number {
    return this.entries.size;
  }

  /** The thing under a key, made if need be, and in use until `release` is called. */
  acquire(key: string, make: () => T): { readonly value: T; release(): void } {
    const entry = this.entries.get(key) ?? { value: make(), users: 0 };
    entry.users++;
    this.entries.delete(key);
    this.entries.set(key, entry);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      entry.users--;
      this.shrink();
    };
    return { value: entry.value, release };
  }

  /** Disposes of everything that is not in use. */
  clear(): void {
    for (const [key, entry] of this.entries) this.remove(key, entry);
  }

  private shrink(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= this.limit) return;
      this.remove(key, entry);
    }
  }

  private remove(key: string, { value, users }: Entry<T>): void {
    if (users > 0) return;
    this.entries.delete(key);
    value.dispose();
  }
}
