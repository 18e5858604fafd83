import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/setup/commands.mjs";
import { launchChromium } from "./chromium.js";
import { complaintsOf } from "./complaints.js";
import { startJupyterLab } from "./jupyterlab-server.js";
import type { Notebook } from "./notebook-file.js";
import { NotebookPage } from "./notebook-page.js";

/** Where pictures of the notebooks are left. */
const pictures = join(root, "build", "e2e");

/** A copy of a notebook, open in a JupyterLab and a browser of its own. */
export interface Session {
  readonly notebook: NotebookPage;
  /** What the page has complained of so far. */
  readonly complaints: readonly string[];
  /** Takes a picture of the notebook, then ends browser, server and kernel. */
  close(): Promise<void>;
}

/**
 * Opens a copy of a notebook, placed where the package `glassbox` is found.
 *
 * @param name Of the copy and of the picture.
 * @param environment Added to the kernel's.
 */
export async function openSession(
  name: string,
  notebook: Notebook,
  environment: NodeJS.ProcessEnv,
): Promise<Session> {
  const folder = join(pictures, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "notebooks"), { recursive: true });
  writeFileSync(join(folder, "notebooks", `${name}.ipynb`), JSON.stringify(notebook));

  const endings: (() => Promise<void>)[] = [];
  const end = async () => void (await Promise.all(endings.map((ending) => ending())));
  try {
    const browser = await launchChromium();
    endings.push(() => browser.close());
    const server = await startJupyterLab(folder, environment);
    endings.push(server.stop);
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const complaints = complaintsOf(page);
    const opened = new NotebookPage(page);
    const close = async () => {
      await opened.screenshot(join(pictures, `${name}.png`)).finally(end);
    };
    await opened.open(server, `${name}.ipynb`).catch(async (error) => {
      await close().catch(() => {}); // what went wrong first is what has to be told
      throw error;
    });
    return { notebook: opened, complaints, close };
  } catch (error) {
    await end();
    throw error;
  }
}
