/** A model's solve failed; the message is the solver's. */
export class SolveError extends Error {
  override readonly name = "SolveError";
}
