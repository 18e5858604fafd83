/**
 * A seeded stream of random numbers that can be split into independent named streams.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand, 2010): 128 bits of state, period at least 2^32. The same seed
 * gives the same numbers on every machine and every version of Node; normal numbers to the last bits, which are those of
 * the engine's logarithm and cosine.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any whole number */
  constructor(private readonly seed: number) {
    if (!Number.isSafeInteger(seed))
      throw new RangeError(`new Random: seed must be a whole number, got ${seed}`);
    this.a = mix(seed | 0);
    this.b = mix(this.a ^ Math.floor(seed / 2 ** 32));
    this.c = mix(this.b);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** An independent stream for one purpose: its numbers do not depend on what else was drawn. */
  split(label: string): Random {
    const upper = Math.floor(this.seed / 2 ** 32);
    // two hashes from different starts: streams of different labels stay apart where 32 bits would begin to collide
    let low = mix(mix(this.seed | 0) ^ upper);
    let high = mix(low ^ upper);
    for (const character of label) {
      const code = character.codePointAt(0) ?? 0;
      low = mix(low ^ code);
      high = mix(high ^ code);
    }
    return new Random((low >>> 0) + 2 ** 32 * (high >>> 11));
  }

  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53;
  }

  /** Standard normal (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * Fills an array with independent normal numbers of mean zero, two at a time: three times as fast as one by one (Marsaglia
   * and Bray, SIAM Review 6(3), 1964).
   */
  fillNormal(numbers: Float64Array, deviation = 1): Float64Array {
    for (let i = 0; i < numbers.length; i += 2) {
      let x = 0;
      let y = 0;
      let square = 0;
      while (square >= 1 || square === 0) {
        x = 2 * this.uniform() - 1;
        y = 2 * this.uniform() - 1;
        square = x * x + y * y;
      }
      const factor = deviation * Math.sqrt((-2 * Math.log(square)) / square);
      numbers[i] = factor * x;
      numbers[i + 1] = factor * y; // of an odd number of entries the last one has no partner, and this goes nowhere
    }
    return numbers;
  }

  /** A whole number in [0, below), each equally likely. */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** The numbers 0..count-1 in random order (Fisher and Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  private next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }
}

/** Finalizer of MurmurHash3: every input bit changes every output bit with probability near one half. */
function mix(value: number): number {
  let hash = (value + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
