import { afterAll, beforeAll, expect, test } from "vitest";
import { drawingsOf, watchCharts } from "./charts.js";
import { codeCell, codeCellWith, projectNotebook } from "./notebook-file.js";
import { openSession, type Session } from "./session.js";

// Notebook 07 up to its training, which takes about a minute here; before it a cell that counts iterations, and after
// it one that tells how many more there are.
const counting = codeCell(
  "counting",
  `const counted = { iterations: 0 };
const update = LiveChart.prototype.update;
LiveChart.prototype.update = function (draw) {
  counted.iterations++;
  return update.call(this, draw);
};`,
);
const later = codeCell(
  "later",
  `const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
await pause(2);
const before = counted.iterations;
await pause(3);
console.log(\`\${before} iterations, \${counted.iterations - before} since\`);`,
);
const last = codeCell("last", 'console.log("the kernel is alive");');

const { cells, ...rest } = projectNotebook("07-mnist-ode.ipynb");
const trains = cells.findIndex(({ source }) => [source].flat().join("").includes("stopSignal()"));
const file = { ...rest, cells: [...cells.slice(0, trains), counting, cells[trains], later, last] };
const training = codeCellWith(file, "stopSignal()");
const afterwards = codeCellWith(file, "counted.iterations - before");

let session: Session;
beforeAll(async () => {
  session = await openSession("stop-button", file, { NB_PRESET: "quick" });
});
afterAll(() => session?.close());

test("the stop button ends a training and nothing else", async () => {
  const { notebook } = session;
  await watchCharts(notebook.page);
  await notebook.startAll();
  const cell = notebook.cell(training);
  await expect.poll(async () => (await drawingsOf(cell)).length, { timeout: 240_000 }).toBeGreaterThan(1);

  await notebook.pressStop();
  await notebook.untilAllEnded();
  const stopped = await notebook.cells();
  expect(stopped[training].stderr).toMatch(/^Stopped by the stop button\./);
  expect(stopped.slice(afterwards).map(({ prompt, text }) => [prompt, text])).toEqual([
    ["[ ]:", ""],
    ["[ ]:", ""],
  ]);
  const drawn = await drawingsOf(cell);

  await notebook.run(afterwards);
  await notebook.run(afterwards + 1);
  const resumed = (await notebook.cells()).slice(afterwards);
  expect(resumed.map(({ stderr }) => stderr)).toEqual(["", ""]);
  expect(resumed.map(({ text }) => text.trim())).toEqual([
    expect.stringMatching(/^[1-9]\d* iterations, 0 since$/),
    "the kernel is alive",
  ]);
  // The kernel is the one that was stopped: its count goes on.
  expect(resumed.map(({ prompt }) => prompt)).toEqual([`[${training + 2}]:`, `[${training + 3}]:`]);
  expect(await drawingsOf(cell)).toEqual(drawn);
  expect(session.complaints).toEqual([]);
});
