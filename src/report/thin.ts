/**
 * At most `limit` of the items, evenly spread, the first and the last among them: a notebook's file repeats the data
 * of its charts, and a curve has no use for more points than the screen has.
 */
export function thin<Item>(items: readonly Item[], limit: number): Item[] {
  if (items.length <= limit) return [...items];
  const stride = (items.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, i) => items[Math.round(i * stride)]);
}
