/** A command that was told to stop, and did; the message says what there is now. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}
