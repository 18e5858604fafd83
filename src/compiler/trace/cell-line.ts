import { Session } from "node:inspector";

/** The name that Node gives every script that was run without one, as notebook kernels do with their cells. */
const namelessScript = "evalmachine.<anonymous>";

/** Whether a file named on a stack is not a file but a notebook cell. */
export function isCell(file: string): boolean {
  return file === namelessScript;
}

/** A place in a script, counted from 1. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The line of a notebook cell at a place on the stack; undefined when the place is in a file, or in no cell for sure.
 *
 * All cells bear one name, and there is no file to look into: the sources are asked of the engine's own debugger. The
 * cell is the latest that calls the operation at that place, or the only one that has anything there.
 */
export function cellLine({ file, line, column }: Place, operation: string | undefined): string | undefined {
  if (!isCell(file)) return undefined;
  const lines = sourcesOf(file).map((source) => source.split("\n")[line - 1] ?? "");
  const called = operation?.replace(/^.*\./, "") ?? "";
  const candidates = lines.filter((text) => text.length >= column && text.startsWith(called, column - 1));
  const isCertain = called !== "" || candidates.length === 1;
  if (candidates.length === 0 || !isCertain) return undefined;
  // tslab puts "exports." before every name of an earlier cell
  return candidates[candidates.length - 1].trim().replaceAll("exports.", "");
}

/** The sources of all scripts of a name that the engine has in memory, oldest first. */
function sourcesOf(name: string): string[] {
  const scripts: string[] = [];
  const sources: string[] = [];
  const session = new Session();
  session.connect();
  try {
    session.on("Debugger.scriptParsed", ({ params }) => {
      if (params.url === name) scripts.push(params.scriptId);
    });
    session.post("Debugger.enable");
    scripts.sort((a, b) => Number(a) - Number(b));
    for (const scriptId of scripts) {
      session.post("Debugger.getScriptSource", { scriptId }, (error, result) => {
        if (!error) sources.push(result.scriptSource);
      });
    }
  } finally {
    session.disconnect();
  }
  return sources;
}
