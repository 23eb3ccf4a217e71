/**
 * Numbers from 0 to before 1, the same ones for the same seed (mulberry32, 32 bits of state).
 * @param seed a whole number
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A member of a list that is not empty. */
export function pick<T>(random: () => number, members: readonly T[]): T {
  const member = members[Math.floor(random() * members.length)];
  if (member === undefined) throw new RangeError('there is nothing to pick from');
  return member;
}
