import type { Geometry } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { isSpace } from './characters.ts';
import { NOT_A_NUMBER, readNumber } from '../text/read-number.ts';

const COMMA = 0x2c;
const SPACE = 0x20;

/** Longitude, latitude and height of the tuple that is being read. */
const tuple = new Float64Array(4);
const MOST_VALUES = 3;

/**
 * Reads `x,y[,z]` tuples, as in KML and in `gml:coordinates`, from ASCII bytes into vertices. Their separator is white space; but white
 * space behind a comma, as in `1, 2, 3`, goes on with the tuple, and a comma behind a tuple is taken for none.
 * @returns the number of tuples
 * @throws FeatureDefect `coordinates-invalid`
 */
export function readCoordinates(bytes: Buffer, start: number, end: number, geometry: Geometry): number {
  let at = skipSpace(bytes, start, end);
  let tuples = 0;
  while (at < end) {
    let values = 0;
    for (;;) {
      at = readNumber(bytes, at, tuple, values, true);
      if (at === NOT_A_NUMBER || at > end) throw invalid('what stands for a number is none');
      values++;
      if (at === end) break;
      let byte = bytes[at]!;
      if (byte > SPACE && byte !== COMMA) throw invalid('a number is followed by something else');
      if (byte <= SPACE) {
        at = skipSpace(bytes, at, end);
        byte = bytes[at]!;
        if (at === end || byte !== COMMA) break;
      }
      const behind = ++at;
      at = skipSpace(bytes, at, end);
      if (at === end) break;
      if (values === MOST_VALUES) {
        if (at === behind) throw invalid('a tuple has more than three numbers');
        break;
      }
      if (values === 2 && at > behind && !isAlone(bytes, at, end)) break;
    }
    const [x, y, z] = tuple as unknown as [number, number, number];
    if (values < 2) throw invalid('a tuple has one number only');
    if (!Number.isFinite(x) || !Number.isFinite(y)) throw invalid('a number is too large');
    geometry.addVertex(x, y);
    if (values === MOST_VALUES) {
      if (!Number.isFinite(z)) throw invalid('a number is too large');
      geometry.setZ(z);
    }
    tuples++;
  }
  return tuples;
}

/** Whether the word that begins here holds no comma: it is the height of the tuple before. */
function isAlone(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at]! > SPACE) if (bytes[at++] === COMMA) return false;
  return true;
}

function skipSpace(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at])) at++;
  return at;
}

function invalid(reason: string): FeatureDefect {
  return new FeatureDefect('coordinates-invalid', `The coordinates cannot be read: ${reason}.`);
}
