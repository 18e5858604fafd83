import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { expect } from "vitest";
import { chartBundle } from "../../src/report/chart.js";

/** Runs a chart without drawing it; fails if Vega-Lite or Vega warns. */
export async function runChart(spec: TopLevelSpec): Promise<vega.View> {
  const complaints: string[] = [];
  const complain = (...message: unknown[]) => {
    complaints.push(message.join(" "));
    return logger;
  };
  const ignore = () => logger;
  const level = (next?: number) => (next === undefined ? vega.Warn : logger);
  const logger = {
    level,
    error: complain,
    warn: complain,
    info: ignore,
    debug: ignore,
  } as vega.LoggerInterface;
  const compiled = compile(spec, { logger }).spec;
  const view = await new vega.View(vega.parse(compiled), { renderer: "none", logger }).runAsync();
  expect(complaints).toEqual([]);
  return view;
}

/** Width and height of a PNG in picture elements, from its header (RFC 2083, 4.1.1). */
export function pngSize(base64: unknown): { width: number; height: number } {
  const bytes = Buffer.from(String(base64), "base64");
  expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Marks of the drawn scene that carry data, with the texts of their tooltips. */
export function tooltipsOf(view: vega.View): Record<string, unknown>[] {
  const tooltips: Record<string, unknown>[] = [];
  const visit = (item: { items?: unknown[]; tooltip?: unknown }): void => {
    if (typeof item.tooltip === "object" && item.tooltip !== null) {
      tooltips.push(item.tooltip as Record<string, unknown>);
    }
    for (const child of item.items ?? []) visit(child as { items?: unknown[] });
  };
  visit((view.scenegraph() as unknown as { root: object }).root);
  return tooltips;
}

/** What every chart of the project must be: silent in the compiler, described, of a notebook's width, with tooltips. */
export async function expectSoundChart(spec: TopLevelSpec): Promise<void> {
  const view = await runChart(spec);
  expect(tooltipsOf(view).length).toBeGreaterThan(0);
  const bundle = await chartBundle(spec);
  const { width, height } = pngSize(bundle.data["image/png"]);
  const shown = Number(Object(bundle.metadata?.["image/png"]).width);
  expect(Math.abs(width - 2 * shown)).toBeLessThanOrEqual(1);
  // An output cell of JupyterLab is about 1,000 wide on a laptop; taller than 700 it no longer fits the screen.
  expect(shown).toBeGreaterThan(400);
  expect(shown).toBeLessThan(1000);
  expect(height).toBeGreaterThan(2 * 200);
  expect(height).toBeLessThan(2 * 700);
  expect(String(bundle.data["text/plain"])).toMatch(/^\[chart\] .{20,}/);
}
