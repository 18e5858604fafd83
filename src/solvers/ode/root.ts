/** A point of a function. */
export interface FunctionPoint {
  readonly x: number;
  readonly value: number;
}

/** Parameters of the method, as its authors recommend them: kappa_1 over the bracket's width, kappa_2, and n_0. */
const truncation = 0.2;
const truncationPower = 2;
const slack = 1;

/**
 * Where a function changes its sign, between two points at which the signs differ: the end, on the side of the second point,
 * of a bracket no wider than the tolerance. At the first point the function must not be zero.
 *
 * The ITP method (Oliveira, Takahashi, ACM Transactions on Mathematical Software 47(1), 2020, algorithm 1): as fast as the
 * secant method where the function is smooth, and never more than `slack` evaluations slower than bisection. Here the shift
 * towards the middle is never below half the tolerance, so that near the zero the bracket closes from both sides.
 */
export function signChange(
  f: (x: number) => number,
  from: FunctionPoint,
  to: FunctionPoint,
  tolerance: number,
): number {
  let [low, high] = [from, to];
  const width = to.x - from.x;
  let radius = (tolerance / 2) * 2 ** (Math.max(0, Math.ceil(Math.log2(width / tolerance))) + slack);
  while (high.x - low.x > tolerance) {
    const shift = Math.max((truncation / width) * (high.x - low.x) ** truncationPower, tolerance / 2);
    const x = nextPoint(low, high, radius, shift);
    // between neighbouring numbers there is nothing left to find
    if (!(x > low.x && x < high.x)) break;
    const value = f(x);
    if (Math.sign(value) === Math.sign(from.value)) low = { x, value };
    else high = { x, value };
    radius /= 2;
  }
  return high.x;
}

/** The secant's zero, moved towards the middle, and as near to it as bisection by itself would have to be. */
function nextPoint(low: FunctionPoint, high: FunctionPoint, radius: number, shift: number): number {
  const width = high.x - low.x;
  const middle = low.x + width / 2;
  const secant = (high.x * low.value - low.x * high.value) / (low.value - high.value);
  if (!Number.isFinite(secant)) return middle;
  const towards = Math.sign(middle - secant);
  const truncated = shift <= Math.abs(middle - secant) ? secant + towards * shift : middle;
  const reach = radius - width / 2;
  const projected = Math.abs(truncated - middle) <= reach ? truncated : middle - towards * reach;
  return projected > low.x && projected < high.x ? projected : middle;
}
