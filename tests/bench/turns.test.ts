import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, type Pair } from "../../bench/comparison.js";
import type { Engine, Reply, Request } from "../../bench/engine.js";
import { interleave } from "../../bench/interleave.js";

interface Behaviour {
  readonly nfe: number;
  readonly norms: Readonly<Record<string, number>>;
  /** Milliseconds of a run in the given turn, counted from 0. */
  readonly time: (turn: number) => number;
}

/** An engine inside this process that notes when it was asked. */
function fakeEngine(name: string, log: string[], { nfe, norms, time }: Behaviour): Engine {
  let turn = 0;
  return {
    greeting: { engine: name, method: "tsit5", seconds: 1, megabytes: 100 },
    async ask({ work, repetitions }: Request): Promise<Reply> {
      log.push(`${work} ${name}`);
      const milliseconds = Array.from({ length: repetitions }, () => time(turn));
      turn++;
      return { milliseconds, nfe, norms };
    },
    async stop() {},
  };
}

const still: Behaviour = { nfe: 20, norms: { y1: 1 }, time: () => 1 };
const turns = { firstStep: 0.1, repetitions: 3, pause: 0 };
const pairOf = (ours: Engine, peer: Engine): Pair => [{ engine: ours, target: "onnx", node: "20.0.0" }, peer];

describe("taking turns", () => {
  test("every engine does each work once a round, and starts equally many rounds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (count, cycles) => {
          const log: string[] = [];
          const engines = Array.from({ length: count }, (_, i) => fakeEngine(`e${i}`, log, still));
          const rounds = count * cycles;
          const measured = await interleave(engines, { ...turns, rounds });
          for (const engine of engines) {
            expect(measured.get(engine)?.forward).toHaveLength(rounds);
            expect(measured.get(engine)?.gradient).toHaveLength(rounds);
          }
          const counted = log.slice(2 * count); // the first round does not count
          const perRound = Array.from({ length: rounds }, (_, r) =>
            counted.slice(2 * count * r, 2 * count * (r + 1)),
          );
          for (const round of perRound) expect(new Set(round).size).toBe(2 * count);
          const starts = perRound.map(([first]) => first);
          for (let i = 0; i < count; i++)
            expect(starts.filter((s) => s === `forward e${i}`)).toHaveLength(cycles);
        },
      ),
    );
  });
});

describe("an engine that takes seconds", () => {
  test("is asked for enough rounds and no more, and is compared in those", async () => {
    const quick = fakeEngine("quick", [], still);
    const slow = fakeEngine("slow", [], { ...still, time: () => 4000 });
    const measured = await interleave([quick, slow], { ...turns, rounds: 15 });
    expect(measured.get(quick)?.forward).toHaveLength(15);
    expect(measured.get(slow)?.forward).toHaveLength(7);
    for (const pair of [pairOf(quick, slow), pairOf(slow, quick)]) {
      const ratio = pair[1] === slow ? 4000 : 1 / 4000;
      for (const row of compare("mnist", [pair], measured)) expect(row.ratio).toBeCloseTo(ratio, 9);
    }
  });
});

describe("comparing", () => {
  const measure = async (engines: readonly Engine[], rounds = 9) => interleave(engines, { ...turns, rounds });

  test("a machine that slows down all engines alike does not move the ratio", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 9, maxLength: 9 }),
        fc.integer({ min: 1, max: 60 }),
        async (slowness, peerNfe) => {
          const time = (base: number) => (turn: number) => base * 2 ** slowness[(turn >> 1) % 9];
          const ours = fakeEngine("ours", [], { ...still, time: time(1) });
          const peer = fakeEngine("peer", [], { ...still, nfe: peerNfe, time: time(3) });
          const rows = compare("mnist", [pairOf(ours, peer)], await measure([ours, peer]));
          expect(rows.map((row) => row.work)).toEqual(["forward", "gradient"]);
          for (const row of rows) {
            expect(row.ratio).toBeCloseTo((3 * 20) / peerNfe, 12);
            expect(row.interval[0]).toBeCloseTo(row.interval[1], 12);
            expect(row.theirs).toBeCloseTo(3 * row.ours, 12);
          }
        },
      ),
    );
  });

  test("engines whose results differ in the first four digits are not compared", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: -0.01, max: 0.01, noNaN: true }), async (difference) => {
        const ours = fakeEngine("ours", [], { ...still, norms: { y1: 1, dy0: 5 } });
        const peer = fakeEngine("peer", [], { ...still, norms: { y1: 1, dy0: 5 * (1 + difference) } });
        const measured = await measure([ours, peer]);
        const comparing = () => compare("mnist", [pairOf(ours, peer)], measured);
        if (Math.abs(difference) > 1.01e-4)
          expect(comparing).toThrow(/ours and peer do not compute.*\|dy0\| is 5 and/);
        if (Math.abs(difference) < 0.99e-4) expect(comparing).not.toThrow();
      }),
    );
  });

  test("a result that is not a number is refused", async () => {
    const ours = fakeEngine("ours", [], { ...still, norms: { y1: Number.NaN } });
    const peer = fakeEngine("peer", [], still);
    const measured = await measure([ours, peer]);
    expect(() => compare("mnist", [pairOf(ours, peer)], measured)).toThrow(/do not compute the same/);
  });
});
