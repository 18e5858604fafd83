const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** A number of an object's own: tells objects apart in a key, without keeping them alive. */
export function numberOf(object: object): number {
  const number = numbers.get(object) ?? ++lastNumber;
  numbers.set(object, number);
  return number;
}
