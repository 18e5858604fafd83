import { type MimeBundle, notebookSender } from "./tslab-kernel.js";

/** Which output of the notebook a bundle goes to; left out, it becomes a new one that nothing can replace later. */
export interface DisplayTarget {
  /** A name of the output, unique in the kernel. */
  readonly id: string;
  /** Whether the bundle replaces what was displayed under this id before. */
  readonly update: boolean;
}

/**
 * Displays one bundle in the running notebook cell; outside a notebook, prints its `text/plain`.
 */
export function display(bundle: MimeBundle, target?: DisplayTarget): void {
  const send = notebookSender();
  if (send) send(bundle, target?.id, target?.update ?? false);
  else console.log(bundle.data["text/plain"] ?? `[${Object.keys(bundle.data).join(", ")}]`);
}
