import type { TopLevelSpec } from "vega-lite";
import { afterEach, expect, test, vi } from "vitest";
import { startFakeKernel, stopFakeKernel } from "./fake-kernel.js";

afterEach(() => {
  stopFakeKernel();
  vi.restoreAllMocks();
});

function chartOf(moment: number): TopLevelSpec {
  return {
    description: `moment ${moment}`,
    data: { values: [{ x: moment }] },
    mark: "point",
    encoding: { x: { field: "x", type: "quantitative" } },
  };
}

test("news every 50 ms make four pictures a second, all in one place, and the last news is always shown", async () => {
  const shown = startFakeKernel();
  const { LiveChart } = await import("../../src/report/live-chart.js");
  let clock = 1000;
  const live = new LiveChart({ now: () => clock });
  for (let moment = 0; moment < 41; moment++, clock += 50) await live.update(() => chartOf(moment));
  await live.finish(chartOf(41));

  // 41 moments are two seconds: pictures at 0, 250, ... 2,000 ms, and the last.
  const expected = [0, 5, 10, 15, 20, 25, 30, 35, 40, 41].map((moment) => `[chart] moment ${moment}`);
  expect(shown.map(({ message }) => message.data["text/plain"])).toEqual(expected);
  expect(shown.map(({ update }) => update)).toEqual([false, ...Array(9).fill(true)]);
  expect(new Set(shown.map(({ message }) => message.transient.display_id)).size).toBe(1);
});

test("two charts have places of their own", async () => {
  const shown = startFakeKernel();
  const { LiveChart } = await import("../../src/report/live-chart.js");
  for (const live of [new LiveChart(), new LiveChart()]) await live.update(() => chartOf(1));
  expect(new Set(shown.map(({ message }) => message.transient.display_id)).size).toBe(2);
});

test("where drawing is slow, it still takes no more than a tenth of the time", async () => {
  const shown = startFakeKernel();
  const { LiveChart } = await import("../../src/report/live-chart.js");
  let clock = 0;
  let readings = 0;
  let drawing = false;
  // A picture reads the clock before and after it is drawn; on this clock 100 ms pass between.
  const live = new LiveChart({
    now: () => {
      if (drawing && ++readings % 2 === 0) clock += 100;
      return clock;
    },
  });
  while (clock < 10_000) {
    await live.update(() => {
      drawing = true;
      return chartOf(clock);
    });
    drawing = false;
    clock += 10;
  }
  expect(shown.length).toBeLessThanOrEqual(11);
  expect(shown.length).toBeGreaterThanOrEqual(9);
});

test("every update lets the event loop turn, so that a stop button is heard", async () => {
  startFakeKernel();
  const { LiveChart } = await import("../../src/report/live-chart.js");
  const live = new LiveChart();
  for (let i = 0; i < 3; i++) {
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    await live.update(() => chartOf(i));
    expect(turned).toBe(true);
  }
});

test("outside a notebook nothing is drawn before the end", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  const { LiveChart } = await import("../../src/report/live-chart.js");
  const live = new LiveChart({ interval: 0 });
  const draw = vi.fn(() => chartOf(1));
  await live.update(draw);
  expect(draw).not.toHaveBeenCalled();
  await live.finish(chartOf(2));
  expect(print.mock.calls).toEqual([["[chart] moment 2"]]);
});
