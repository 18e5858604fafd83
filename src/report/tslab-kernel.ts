import { createRequire } from "node:module";

/** A Jupyter `display_data` message: representations by media type, and what a front end should know about them. */
export interface MimeBundle {
  /** One representation of the same thing for each media type; a front end shows the richest that it knows. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Hints by media type, such as the width of an image. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Sends one bundle to the front end: as a new output, or in place of the one that has the same display id. */
export type SendToNotebook = (bundle: MimeBundle, displayId: string | undefined, update: boolean) => void;

interface TslabMessage {
  data: unknown;
  metadata: unknown;
  transient: { display_id?: string };
}

interface TslabJupyterModule {
  lastWriteDisplayData: ((message: TslabMessage, update: boolean) => void) | null;
}

const loadedModules = createRequire(import.meta.url).cache;

/**
 * The module of the tslab kernel that this process runs, if it is one.
 *
 * tslab's public `display` sends a single media type a call. The writer beneath takes whole bundles; it is looked
 * up among the loaded modules, because importing tslab could load a second copy, one without a connection.
 */
function findJupyterModule(): TslabJupyterModule | undefined {
  for (const loaded of Object.values(loadedModules)) {
    const exported: unknown = loaded?.exports;
    if (typeof exported === "object" && exported !== null && "JupyterHandlerImpl" in exported) {
      return exported as unknown as TslabJupyterModule;
    }
  }
  return undefined;
}

// A kernel is loaded before anything that a cell imports, so that one search is enough.
const jupyterModule = findJupyterModule();

/** Whether this process is a tslab notebook kernel. */
export function insideNotebook(): boolean {
  return notebookSender() !== undefined;
}

/** The way to the notebook's front end, or `undefined` in a process that is not a tslab notebook kernel. */
export function notebookSender(): SendToNotebook | undefined {
  const write = jupyterModule?.lastWriteDisplayData;
  if (!write) return undefined;
  return (bundle, displayId, update) =>
    write(
      {
        data: bundle.data,
        metadata: bundle.metadata ?? {},
        transient: displayId === undefined ? {} : { display_id: displayId },
      },
      update,
    );
}
