import type { Locator, Page } from "playwright-core";
import type { JupyterLabServer } from "./jupyterlab-server.js";

const minute = 60_000;

/** What a code cell shows. */
export interface ShownCell {
  /** `[ ]:`, `[*]:` while it waits or runs, or its number. */
  readonly prompt: string;
  readonly text: string;
  /** What it printed to stderr. */
  readonly stderr: string;
}

/** A notebook that is open in JupyterLab; cells are counted from 0, code cells only. */
export class NotebookPage {
  constructor(readonly page: Page) {}

  /** Opens a notebook and waits until its kernel is ready. */
  async open({ address, token }: JupyterLabServer, notebook: string): Promise<void> {
    await this.page.goto(`${address}/lab/tree/${notebook}?token=${token}`);
    await this.page
      .locator(".jp-Notebook .jp-CodeCell")
      .first()
      .waitFor({ timeout: 2 * minute });
    // The indicator beside the kernel's name says "idle" before there is a kernel; the status bar does not.
    await this.page
      .locator("#jp-main-statusbar")
      .getByText("TypeScript | Idle")
      .waitFor({ timeout: 2 * minute });
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  }

  /** Asks for all cells to be run; returns when the first of them has begun. */
  async startAll(): Promise<void> {
    const before = await this.cells();
    await this.page.locator('.lm-MenuBar-itemLabel:text-is("Run")').click();
    await this.page.locator('.lm-Menu-itemLabel:text-is("Run All Cells")').click();
    await this.page.waitForFunction(
      (prompt) => document.querySelector(".jp-CodeCell .jp-InputPrompt")?.textContent !== prompt,
      before[0].prompt,
    );
  }

  /** Runs one cell and waits for its end; tslab puts off a cell that comes within 200 ms of a failure, so asks again. */
  async run(index: number): Promise<void> {
    const prompt = this.cell(index).locator(".jp-InputPrompt");
    do {
      await prompt.click();
      await this.page.keyboard.press("Control+Enter");
      await this.untilPrompt(index, /^\[\*\]:$/);
      await this.untilPrompt(index, /^\[(\d+| )\]:$/);
    } while ((await prompt.textContent()) === "[ ]:");
  }

  /** Presses the stop button of the toolbar. */
  async pressStop(): Promise<void> {
    await this.page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:interrupt-kernel"]').click();
  }

  /** Waits until no cell waits or runs. The kernel's indicator is of no use: tslab tells "idle" too early. */
  async untilAllEnded(timeout = 8 * minute): Promise<void> {
    const ended = () =>
      [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].every((it) => it.textContent !== "[*]:");
    await this.page.waitForFunction(ended, undefined, { timeout });
  }

  async untilPrompt(index: number, prompt: RegExp, timeout = 5 * minute): Promise<void> {
    await this.cell(index).locator(".jp-InputPrompt").filter({ hasText: prompt }).waitFor({ timeout });
  }

  cells(): Promise<ShownCell[]> {
    return this.page.locator(".jp-Notebook .jp-CodeCell").evaluateAll((cells) =>
      cells.map((cell) => {
        const textOf = (selector: string) =>
          [...cell.querySelectorAll(selector)].map((it) => it.textContent).join("\n");
        return {
          prompt: cell.querySelector(".jp-InputPrompt")?.textContent ?? "",
          text: textOf(".jp-OutputArea-output"),
          stderr: textOf('[data-mime-type="application/vnd.jupyter.stderr"]'),
        };
      }),
    );
  }

  /** Makes the window as high as the notebook and takes a picture of all of it. */
  async screenshot(file: string): Promise<void> {
    const before = this.page.viewportSize() ?? { width: 1400, height: 1000 };
    const notebook = this.page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer");
    if ((await notebook.count()) === 0) return void (await this.page.screenshot({ path: file }));
    const height = await notebook.evaluate((element) => {
      const cells = [...element.querySelectorAll(".jp-Cell")];
      return cells.reduce((sum, cell) => sum + cell.getBoundingClientRect().height, 0);
    });
    await this.page.mouse.move(0, 0);
    await this.page.setViewportSize({
      width: before.width,
      height: Math.min(Math.ceil(height) + 300, 16_000),
    });
    await notebook.evaluate((element) => element.scrollTo(0, 0));
    await this.page.screenshot({ path: file });
    await this.page.setViewportSize(before);
  }
}
