import { afterEach, expect, test, vi } from "vitest";
import { startFakeKernel, stopFakeKernel } from "./fake-kernel.js";

afterEach(() => {
  stopFakeKernel();
  vi.restoreAllMocks();
});

test("in a notebook the whole bundle is sent, under its id", async () => {
  const shown = startFakeKernel();
  const { display } = await import("../../src/report/display.js");
  const bundle = {
    data: { "text/html": "<b>7</b>", "text/plain": "7" },
    metadata: { "text/html": { width: 3 } },
  };
  display(bundle);
  display({ data: { "text/plain": "8" } }, { id: "a", update: true });
  expect(shown).toEqual([
    { message: { ...bundle, transient: {} }, update: false },
    { message: { data: { "text/plain": "8" }, metadata: {}, transient: { display_id: "a" } }, update: true },
  ]);
});

test("elsewhere the text is printed, or at least what there is", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  const { display } = await import("../../src/report/display.js");
  display({ data: { "text/html": "<b>7</b>", "text/plain": "7" } });
  display({ data: { "image/png": "…" } });
  expect(print.mock.calls).toEqual([["7"], ["[image/png]"]]);
});
