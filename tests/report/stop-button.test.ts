import { afterEach, beforeEach, expect, test } from "vitest";
import { startFakeKernel, stopFakeKernel } from "./fake-kernel.js";

const eventLoopTurn = () => new Promise((resolve) => setImmediate(resolve));

let listenersBefore: NodeJS.SignalsListener[] = [];
beforeEach(() => {
  listenersBefore = process.listeners("SIGINT");
});
afterEach(() => {
  stopFakeKernel();
  for (const listener of process.listeners("SIGINT")) {
    if (!listenersBefore.includes(listener)) process.removeListener("SIGINT", listener);
  }
});

async function pressStopButton(): Promise<void> {
  await eventLoopTurn();
  process.emit("SIGINT");
}

test("outside a notebook Ctrl-C is left as it was", async () => {
  const { stopSignal } = await import("../../src/report/stop-button.js");
  await eventLoopTurn();
  expect(process.listeners("SIGINT")).toEqual(listenersBefore);
  expect(stopSignal().aborted).toBe(false);
});

test("in a notebook the listener comes after the cell that imports, for Node drops it within", async () => {
  startFakeKernel();
  await import("../../src/report/stop-button.js");
  expect(process.listenerCount("SIGINT")).toBe(listenersBefore.length);
  await eventLoopTurn();
  expect(process.listenerCount("SIGINT")).toBe(listenersBefore.length + 1);
});

test("a press stops everything that was begun before it and nothing that is begun after", async () => {
  startFakeKernel();
  const { stopSignal } = await import("../../src/report/stop-button.js");
  const [first, second] = [stopSignal(), stopSignal()];
  await pressStopButton();
  const third = stopSignal();
  expect([first, second, third].map(({ aborted }) => aborted)).toEqual([true, true, false]);
  expect(String(first.reason)).toMatch(/stopped by the notebook's stop button/);
  await pressStopButton();
  expect(third.aborted).toBe(true);
});
