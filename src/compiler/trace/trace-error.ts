import { deepStack, locationText, type SourceLocation, userCall } from "./user-call.js";

/**
 * A function does something that cannot be recorded as a graph. The message says what, with the value found, and what
 * to write instead; a second line says where in the user's source.
 */
export class TraceError extends Error {
  override readonly name = "TraceError";
  /** The user's call that led to the error; where no call within the function did, the call that had it traced. */
  readonly location: SourceLocation | undefined;
  /** The function of tfjs or of JavaScript that the user called there, such as "dataSync" or "Math.sin". */
  readonly operation: string | undefined;

  /**
   * @param cause An error of tfjs itself whose place and words these are.
   */
  constructor(what: string, cause?: Error) {
    const { operation, location } = userCall(cause?.stack ?? deepStack());
    super(location ? `${what}\n${placeLine(location, operation)}` : what, cause && { cause });
    this.location = location;
    this.operation = operation;
  }
}

/** As in a stack: "    at dataSync (/home/me/field.ts:12:21)". */
function placeLine(location: SourceLocation, operation: string | undefined): string {
  const place = locationText(location);
  return operation === undefined ? `    at ${place}` : `    at ${operation} (${place})`;
}
