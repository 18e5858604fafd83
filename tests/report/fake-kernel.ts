import { createRequire } from "node:module";
import { vi } from "vitest";

/** What the kernel was asked to show. */
export interface Shown {
  readonly message: { data: Record<string, unknown>; metadata: object; transient: { display_id?: string } };
  readonly update: boolean;
}

const loaded = createRequire(import.meta.url).cache;
const place = "fake-tslab/jupyter.js";

/**
 * Makes the process look like a tslab kernel to modules that are imported from now on: among the loaded modules is
 * one with the exports by which the kernel's own is known. Returns the list of what is shown, which grows.
 */
export function startFakeKernel(): Shown[] {
  const shown: Shown[] = [];
  const jupyter = {
    JupyterHandlerImpl: class {},
    lastWriteDisplayData: (message: Shown["message"], update: boolean) => shown.push({ message, update }),
  };
  loaded[place] = { exports: jupyter } as unknown as NodeJS.Module;
  vi.resetModules();
  return shown;
}

/** Makes the process an ordinary one again, for modules that are imported from now on. */
export function stopFakeKernel(): void {
  delete loaded[place];
  vi.resetModules();
}
