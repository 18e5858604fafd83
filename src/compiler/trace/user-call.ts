import { fileURLToPath } from "node:url";
import { cellLine, isCell } from "./cell-line.js";

/** A place in a user's source. */
export interface SourceLocation {
  /** Path of the file; of a notebook cell, the name that its kernel gives all cells. */
  readonly file: string;
  /** Counted from 1; in a notebook cell, of the JavaScript that the kernel made of it. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The line of a notebook cell itself, where it could be found: its numbers say little to a reader. */
  readonly text?: string;
}

/** The call by which a user's code got into tfjs or into the library. */
export interface UserCall {
  /** Name of the function that was called, where it is one of tfjs or of JavaScript itself. */
  readonly operation?: string;
  /** Undefined when no frame of the stack is the user's. */
  readonly location?: SourceLocation;
}

interface Frame {
  readonly name: string;
  /** Undefined for functions of JavaScript itself, such as `Math.sin`. */
  readonly location?: SourceLocation;
}

/** Files of tfjs, as they lie in node_modules and as its own source maps name them. */
const tfjsFile =
  /[\\/](@tensorflow[\\/]|tfjs-(core|backend-[a-z]+|layers|data|converter|node(-gpu)?)[\\/](src|dist)[\\/])/;

type Origin = "user" | "library" | "tfjs" | "engine";

/** The innermost call that a user's code makes on this stack, which is the text of `Error.prototype.stack`. */
export function userCall(stack: string): UserCall {
  const library = libraryFolder();
  let operation: string | undefined;
  for (const frame of framesOf(stack)) {
    const origin = originOf(frame, library);
    if (origin === "user" && frame.location)
      return { operation, location: withText(frame.location, operation) };
    operation = origin === "library" ? undefined : functionName(frame, origin);
  }
  return {};
}

/** Whether an error with this stack was thrown by tfjs or by the compiler, rather than by a user's code. */
export function isThrownInside(stack: string): boolean {
  const thrower = framesOf(stack).find(({ location }) => location !== undefined);
  if (!thrower?.location) return false;
  const { file } = thrower.location;
  return tfjsFile.test(file) || file.startsWith(`${libraryFolder()}compiler`);
}

/** The stack of the caller, of any depth. */
export function deepStack(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}

/** The folder of the library's files as stacks name them now: with source maps that of the sources. */
function libraryFolder(): string {
  const own = framesOf(deepStack())[0]?.location?.file ?? "";
  return own.replace(/compiler[\\/]trace[\\/][^\\/]+$/, "");
}

/** "/home/me/field.ts:12:21", or the line of a notebook cell. */
export function locationText({ file, line, column, text }: SourceLocation): string {
  if (!isCell(file)) return `${file}:${line}:${column}`;
  return `notebook cell: ${text ?? `line ${line} of its JavaScript`}`;
}

/** The frames of a stack as V8 writes them: "at name (place)" or "at place". */
function framesOf(stack: string): Frame[] {
  return stack.split("\n").flatMap((line) => {
    const parts = /^\s+at (?:(.*?) \((.*)\)|(.*))$/.exec(line);
    if (!parts) return [];
    const [, name = "", inParentheses, bare] = parts;
    return [{ name, location: parsePlace(inParentheses ?? bare) }];
  });
}

function parsePlace(place: string): SourceLocation | undefined {
  const parts = /^(?:async )?(.*):(\d+):(\d+)$/.exec(place);
  if (!parts) return undefined;
  const [, file, line, column] = parts;
  const path = file.startsWith("file://") ? fileURLToPath(file) : file;
  return { file: path, line: Number(line), column: Number(column) };
}

function originOf({ location }: Frame, library: string): Origin {
  if (!location || location.file.startsWith("node:")) return "engine";
  if (tfjsFile.test(location.file)) return "tfjs";
  return location.file.startsWith(library) ? "library" : "user";
}

/** "matMul" of tfjs's `Module.matMul__op`, "Math.sin" as it is. */
function functionName({ name }: Frame, origin: Origin): string | undefined {
  const own = name.replace(/ \[as .*\]$/, "");
  const short = origin === "tfjs" ? own.replace(/^.*\./, "").replace(/_+(op)?$/, "") : own;
  return short === "" || short === "<anonymous>" ? undefined : short;
}

function withText(location: SourceLocation, operation: string | undefined): SourceLocation {
  const text = cellLine(location, operation);
  return text === undefined ? location : { ...location, text };
}
