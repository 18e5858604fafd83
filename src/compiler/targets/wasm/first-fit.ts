/**
 * Hands out ranges of a line of bytes that grows and shrinks at its end. The first free range that is large enough is taken;
 * ranges given back are joined with their free neighbours.
 */
export class FirstFit {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** The furthest that the line has ever reached. */
  longest: number;

  /** @param end where the line starts, and how far it reaches: to the end of the last range in use */
  constructor(public end: number) {
    this.longest = end;
  }

  /** The start of a range of so many bytes. */
  take(bytes: number): number {
    for (let i = 0; i < this.starts.length; i++) {
      const start = this.starts[i];
      if (this.ends[i] - start < bytes) continue;
      this.starts[i] += bytes;
      if (this.starts[i] === this.ends[i]) this.remove(i);
      return start;
    }
    const start = this.end;
    this.end += bytes;
    this.longest = Math.max(this.longest, this.end);
    return start;
  }

  /** Gives a range back. */
  release(start: number, bytes: number): void {
    const end = start + bytes;
    const next = this.firstAfter(start);
    const joinsPrevious = next > 0 && this.ends[next - 1] === start;
    const joinsNext = next < this.starts.length && this.starts[next] === end;
    if (end === this.end) {
      this.end = joinsPrevious ? this.starts[next - 1] : start;
      if (joinsPrevious) this.remove(next - 1);
    } else if (joinsPrevious && joinsNext) {
      this.ends[next - 1] = this.ends[next];
      this.remove(next);
    } else if (joinsPrevious) {
      this.ends[next - 1] = end;
    } else if (joinsNext) {
      this.starts[next] = start;
    } else {
      this.starts.splice(next, 0, start);
      this.ends.splice(next, 0, end);
    }
  }

  /** Index of the first free range that starts after a place. */
  private firstAfter(place: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private remove(i: number): void {
    this.starts.splice(i, 1);
    this.ends.splice(i, 1);
  }
}
