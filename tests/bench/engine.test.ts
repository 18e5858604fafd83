import { describe, expect, test } from "vitest";
import { asked, startEngine } from "../../bench/engine.js";

const request = { work: "forward", firstStep: 0.1, repetitions: 2 } as const;

/** A child process that runs the given script with `line(value)` to print and `ask(handler)` to read. */
function child(script: string): Promise<Awaited<ReturnType<typeof startEngine>>> {
  const prelude = `
    const line = (value) => console.log(JSON.stringify(value));
    const ask = (handler) => require("node:readline").createInterface({ input: process.stdin }).on("line", handler);
  `;
  return startEngine(process.execPath, ["--eval", prelude + script]);
}

describe("an engine in a child process", () => {
  test("greets, answers requests in order, and ends when told", async () => {
    const engine = await child(`
      line({ engine: "echo", method: "tsit5" });
      ask((text) => line({ milliseconds: [1], nfe: JSON.parse(text).repetitions, norms: {} }));
    `);
    expect(engine.greeting).toEqual({ engine: "echo", method: "tsit5" });
    for (const repetitions of [1, 2, 3]) {
      expect((await engine.ask({ ...request, repetitions })).nfe).toBe(repetitions);
    }
    await engine.stop();
    await engine.stop();
  });

  test("can be asked in another way under another name, in the same process", async () => {
    const engine = await child(`
      line({ engine: "echo", method: "tsit5" });
      ask((text) => line({ milliseconds: [process.pid], nfe: 1, norms: {}, request: JSON.parse(text) }));
    `);
    const other = asked(engine, { method: "dopri5" }, { engine: "other" });
    expect(other.greeting).toEqual({ engine: "other", method: "tsit5" });
    const [plain, changed] = [await engine.ask(request), await other.ask(request)];
    expect(changed).toEqual({ ...plain, request: { ...request, method: "dopri5" } });
    await Promise.all([engine.stop(), other.stop()]);
  });

  test("that dies before it is ready is an error with its last words", async () => {
    const dying = child(`throw new Error("no module named diffrax")`);
    await expect(dying).rejects.toThrow(/ended with code 1.*no module named diffrax/s);
  });

  test("that dies while asked is an error too", async () => {
    const engine = await child(`line({}); ask(() => { console.error("out of memory"); process.exit(3); });`);
    await expect(engine.ask(request)).rejects.toThrow(/ended with code 3: out of memory/);
  });

  test("that cannot be started is an error that names it", async () => {
    await expect(startEngine("/nonexistent/python", [])).rejects.toThrow(
      /cannot start "\/nonexistent\/python"/,
    );
  });

  test("that writes something else is an error that shows it", async () => {
    await expect(child(`console.log("Warning: no GPU")`)).rejects.toThrow(/"Warning: no GPU"/);
  });
});
