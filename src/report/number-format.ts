/**
 * A number as text for tables: its whole part in full, and no more decimals than make `digits` significant digits.
 *
 * Very large and very small values are written with an exponent, and none with trailing zeros.
 *
 * @param digits Significant digits, except that a whole part is never rounded.
 */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e6) {
    const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
    return String(Number(value.toFixed(decimals)));
  }
  return value.toExponential(digits - 1).replace(/\.?0*e\+?/, "e");
}
