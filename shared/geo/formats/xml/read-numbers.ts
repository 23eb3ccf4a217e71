import { FeatureDefect } from '../text/feature-defect.ts';
import { NOT_A_NUMBER, readNumber } from '../text/read-number.ts';
import { isSpace } from './characters.ts';

/**
 * Reads numbers that white space stands between from ASCII bytes into an array.
 * @returns how many there are
 * @throws FeatureDefect `coordinates-invalid` for anything else, more numbers than have room, or one that is infinite
 */
export function readNumbers(bytes: Buffer, start: number, end: number, numbers: Float64Array): number {
  let at = start;
  let count = 0;
  for (;;) {
    while (at < end && isSpace(bytes[at])) at++;
    if (at === end) return count;
    if (count === numbers.length) throw invalid(`there are more than ${count} numbers`);
    at = readNumber(bytes, at, numbers, count, true);
    if (at === NOT_A_NUMBER || at > end) throw invalid('what stands for a number is none');
    if (at < end && !isSpace(bytes[at])) throw invalid('a number is followed by something else');
    if (!Number.isFinite(numbers[count])) throw invalid('a number is too large');
    count++;
  }
}

function invalid(reason: string): FeatureDefect {
  return new FeatureDefect('coordinates-invalid', `The coordinates cannot be read: ${reason}.`);
}
