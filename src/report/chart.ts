import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import * as vegaLite from "vega-lite";
import { display } from "./display.js";
import type { MimeBundle } from "./tslab-kernel.js";

const fontPath = createRequire(import.meta.url).resolve;

// Fonts come from a package: the same picture on every machine, and text at all where no font is installed.
const font = {
  loadSystemFonts: false,
  defaultFontFamily: "DejaVu Sans",
  sansSerifFamily: "DejaVu Sans",
  fontFiles: [
    fontPath("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
    fontPath("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"),
  ],
};

// Without a canvas Vega takes each character for 0.8 em wide, and leaves gaps around text in charts. Those of DejaVu
// Sans have about 0.6 em on average, of its bold face 0.7. Vega lets one replace its measure; its types omit that.
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: TextItem, text: unknown) => number };
};
textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
  String(text ?? "").length * fontSize * (fontWeight === "bold" ? 0.7 : 0.62);

/** Picture elements for each unit of a chart's size, so that the picture stays sharp on dense screens. */
const pixelsPerUnit = 2;

/** Vega marks the data that it is given; the copy keeps the marks out of the caller's. */
async function picture(spec: vegaLite.TopLevelSpec): Promise<{ png: Buffer; width: number }> {
  const view = new vega.View(vega.parse(vegaLite.compile(structuredClone(spec)).spec), { renderer: "none" });
  try {
    const svg = await view.toSVG();
    const image = new Resvg(svg, {
      font,
      background: "white",
      fitTo: { mode: "zoom", value: pixelsPerUnit },
    });
    return { png: image.render().asPng(), width: Math.round(image.width) };
  } finally {
    view.finalize();
  }
}

/**
 * A Vega-Lite chart as one bundle: the live chart, a PNG for readers without Vega, and a text.
 *
 * @param spec Vega-Lite 5 with its data inside; keep these small, for the notebook's file repeats them.
 * @param alternative What the chart shows, in words; the specification's `description` if left out.
 * @throws {Error} If there is neither an alternative text nor a description.
 */
export async function chartBundle(
  spec: vegaLite.TopLevelSpec,
  alternative = spec.description,
): Promise<MimeBundle> {
  if (!alternative) {
    throw new Error(
      "chartBundle: the chart has no alternative text; pass one, or give the spec a description.",
    );
  }
  // The field's order is JSON's order in the notebook's file: the schema comes first, as readers expect.
  const described = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    ...spec,
  } as vegaLite.TopLevelSpec;
  const { png, width } = await picture(described);
  return {
    data: {
      "application/vnd.vegalite.v5+json": described,
      "image/png": png.toString("base64"),
      "text/plain": `[chart] ${alternative}`,
    },
    metadata: { "image/png": { width } },
  };
}

/** Displays a Vega-Lite chart below the running notebook cell; outside a notebook, prints its alternative text. */
export async function show(spec: vegaLite.TopLevelSpec, alternative = spec.description): Promise<void> {
  display(await chartBundle(spec, alternative));
}
