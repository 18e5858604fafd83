import { createHash } from "node:crypto";
import type { Locator, Page } from "playwright-core";

/** One drawing of a chart below a code cell. */
export interface Drawing {
  /** Whether the cell was still running. */
  readonly running: boolean;
  /** The same for the same picture. */
  readonly picture: string;
}

/** A place in a chart, in pixels from its upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

declare global {
  interface Window {
    /** All charts that were drawn, in that order; canvases that the page has replaced since are kept here. */
    drawnCharts: Map<HTMLCanvasElement, { cell: Element | null; running: boolean }>;
  }
}

/** Keeps account of all charts that are drawn from now on, see {@link drawingsOf}. */
export async function watchCharts(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.drawnCharts = new Map();
    const keep = (canvas: HTMLCanvasElement) => {
      if (window.drawnCharts.has(canvas)) return;
      const cell = canvas.closest(".jp-CodeCell");
      const running = cell?.querySelector(".jp-InputPrompt")?.textContent === "[*]:";
      window.drawnCharts.set(canvas, { cell, running });
    };
    const observer = new MutationObserver(() => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>(".vega-embed canvas")) keep(canvas);
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
}

/** How the chart of a cell was drawn since {@link watchCharts}, from the first picture to the last. */
export async function drawingsOf(cell: Locator): Promise<Drawing[]> {
  const drawn = await cell.evaluate((element) =>
    [...window.drawnCharts]
      .filter(([, chart]) => chart.cell === element)
      .map(([canvas, { running }]) => ({ running, data: canvas.toDataURL() })),
  );
  return drawn.map(({ running, data }) => ({ running, picture: hashOf(data) }));
}

/**
 * Where a chart has a colour; lighter shades of it count too, for marks are somewhat transparent.
 *
 * @param colour As `#rrggbb`; left out, any colour but greys.
 */
export function placesOf(chart: Locator, colour?: string): Promise<Place[]> {
  return chart.evaluate((element, colour) => {
    const canvas = element as HTMLCanvasElement;
    const { width, height } = canvas;
    // Read from a copy that is meant for it: Chromium warns of charts that are read again and again.
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!copy) throw new Error("Chromium gives no canvas to read a chart from");
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const scale = canvas.getBoundingClientRect().width / width;
    // Colours are compared as ink on white paper: more or less of the same ink has the same direction.
    const wanted = colour && [1, 3, 5].map((at) => 255 - Number.parseInt(colour.slice(at, at + 2), 16));
    const hasColour = (ink: readonly number[]) => {
      if (Math.max(...ink) < 70) return false;
      if (!wanted) return Math.max(...ink) - Math.min(...ink) > 70;
      const product = ink.reduce((sum, part, i) => sum + part * wanted[i], 0);
      return product / (Math.hypot(...ink) * Math.hypot(...wanted)) > 0.99;
    };
    const places: { x: number; y: number }[] = [];
    for (let i = 0; i < width * height; i++) {
      const ink = [0, 1, 2].map((part) => 255 - data[4 * i + part]);
      if (hasColour(ink)) places.push({ x: scale * (i % width), y: scale * Math.floor(i / width) });
    }
    return places;
  }, colour);
}

/** Moves the mouse over the coloured parts of a chart until a tooltip appears, and returns its text. */
export async function findTooltip(chart: Locator): Promise<string> {
  await chart.scrollIntoViewIfNeeded();
  const places = await placesOf(chart);
  const some = places.filter((_, i) => i % Math.ceil(places.length / 80) === 0);
  const tooltip = chart.page().locator("#vg-tooltip-element.visible");
  for (const position of some) {
    await chart.hover({ position, force: true });
    const appeared = await tooltip.waitFor({ timeout: 300 }).then(
      () => true,
      () => false,
    );
    if (appeared) return (await tooltip.textContent()) ?? "";
  }
  throw new Error(`no tooltip appeared at any of ${some.length} coloured places of the chart`);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
