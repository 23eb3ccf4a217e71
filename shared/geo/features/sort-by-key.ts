const DIGIT_BITS = 13;
const DIGITS = 1 << DIGIT_BITS;
const HALF = 2 ** (2 * DIGIT_BITS);

/**
 * Numbers 0 … count−1 in ascending order of their keys, equal ones in the order that they have: a radix sort, whose time
 * does not depend on what is sorted.
 * @param keys whole numbers from 0 to 2^52
 */
export function sortByKey(keys: Float64Array, count: number): Uint32Array {
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  let order = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    high[index] = Math.floor(keys[index]! / HALF);
    low[index] = keys[index]! - high[index]! * HALF;
    order[index] = index;
  }
  let sorted = new Uint32Array(count);
  for (const half of [low, high]) {
    for (const shift of [0, DIGIT_BITS]) {
      // 2^52 alone has one bit more, as the highest digit: it is not masked there.
      const mask = half === high && shift > 0 ? -1 : DIGITS - 1;
      sortByDigit(order, sorted, half, shift, mask);
      [order, sorted] = [sorted, order];
    }
  }
  return order;
}

function sortByDigit(order: Uint32Array, sorted: Uint32Array, words: Uint32Array, shift: number, mask: number): void {
  const starts = new Uint32Array(DIGITS + 2);
  // Counted loops: they run a few times only, and are not compiled before an iterator would have taken most of the time.
  for (let index = 0; index < words.length; index++) starts[((words[index]! >>> shift) & mask) + 1]!++;
  for (let digit = 1; digit < starts.length; digit++) starts[digit]! += starts[digit - 1]!;
  for (let index = 0; index < order.length; index++) {
    const item = order[index]!;
    sorted[starts[(words[item]! >>> shift) & mask]!++] = item;
  }
}
