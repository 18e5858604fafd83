import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SharedCache } from "../../src/compiler/targets/shared-cache.js";

/** Something that notices when it is used after it was disposed of, or disposed of twice. */
class Held {
  disposed = false;
  dispose(): void {
    expect(this.disposed).toBe(false);
    this.disposed = true;
  }
}

const anyAction = fc.record({ key: fc.constantFrom("a", "b", "c", "d", "e"), release: fc.boolean() });

describe("a shared cache", () => {
  it("never disposes of what is in use, keeps to its limit, and disposes of all in the end", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.array(anyAction, { maxLength: 40 }),
        (limit, actions) => {
          const cache = new SharedCache<Held>(limit);
          const made: Held[] = [];
          const inUse: { value: Held; release(): void }[] = [];
          for (const { key, release } of actions) {
            if (release) inUse.shift()?.release();
            else inUse.push(cache.acquire(key, () => made[made.push(new Held()) - 1]));
            expect(inUse.every(({ value }) => !value.disposed)).toBe(true);
          }
          for (const use of inUse) {
            use.release();
            use.release(); // once is enough
          }
          expect(cache.size).toBeLessThanOrEqual(limit);
          expect(made.filter(({ disposed }) => !disposed).length).toBe(cache.size);
          cache.clear();
          expect(made.every(({ disposed }) => disposed)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("makes a thing once while it is kept, and forgets the one used longest ago", () => {
    const cache = new SharedCache<Held>(2);
    const use = (key: string): Held => {
      const { value, release } = cache.acquire(key, () => new Held());
      release();
      return value;
    };
    const [a, b] = [use("a"), use("b")];
    expect(use("a")).toBe(a);
    use("c");
    expect(use("a")).toBe(a);
    expect(b.disposed).toBe(true);
  });
});
