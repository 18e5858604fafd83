/** A number of a training is NaN or infinite; the message says which. */
export class NotFiniteError extends Error {
  override readonly name = "NotFiniteError";
}

/** @throws NotFiniteError when a number is NaN or infinite. */
export function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new NotFiniteError(`the ${name} is ${value}`);
}
