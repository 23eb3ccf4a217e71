import { createHash } from 'node:crypto';
import { encodeTime } from 'ulid';

/** Crockford's base 32. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
const BITS = 0b11111;

/**
 * A ULID that is the same each time for the same time and values: what is made from one event twice has one id.
 * @param at milliseconds since the epoch
 */
export function derivedId(at: number, ...values: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(values)).digest();
  const random = [...hash.subarray(0, RANDOM_CHARACTERS)].map((byte) => ALPHABET.charAt(byte & BITS));
  return encodeTime(at, TIME_CHARACTERS) + random.join('');
}
