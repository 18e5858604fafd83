// Draws the README's chart from the committed results. Run it after they change: node scripts/draw-readme-chart.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { chartBundle, nfeAgainstWeight, readRows } from "../dist/index.js";

const rows = await readRows("mnist-ode");
const chart = nfeAgainstWeight(rows.filter(({ preset, target }) => preset === "quick" && target === "onnx"));
const { data } = await chartBundle(chart);
mkdirSync("docs", { recursive: true });
writeFileSync("docs/nfe-against-weight.png", Buffer.from(String(data["image/png"]), "base64"));
console.log(data["text/plain"]);
