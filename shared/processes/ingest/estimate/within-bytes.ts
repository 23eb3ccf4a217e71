/**
 * The first items that take no more than some bytes together as JSON.
 * @returns them, and how many are left out
 */
export function withinBytes<Item>(items: readonly Item[], maxBytes: number): { kept: Item[]; leftOut: number } {
  let bytes = 0;
  const end = items.findIndex((item) => (bytes += Buffer.byteLength(JSON.stringify(item)) + 1) > maxBytes);
  const kept = end < 0 ? [...items] : items.slice(0, end);
  return { kept, leftOut: items.length - kept.length };
}
