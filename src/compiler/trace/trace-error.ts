/** A function does something that cannot be recorded as a graph; the message says what, and what to write instead. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}
