import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { crsFromWkt } from '../../../shared/geo/projections/crs-from-wkt.ts';
import { transformer } from '../../../shared/geo/projections/transformer.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { changedText, hostileText } from '../corpus/texts.ts';

const REFERENCE = new URL('../../unit/geo/projections/reference-wkt.json', import.meta.url);
const TEXTS = (JSON.parse(readFileSync(REFERENCE, 'utf8')) as { text: string }[]).map(({ text }) => text);

const number = fc.oneof(fc.double(), fc.constantFrom(0, -1, 90, 180, 1e308, 1e-308), fc.integer());

/** A text with one of its numbers replaced by any other. */
const withOtherNumber = fc
  .record({ text: fc.constantFrom(...TEXTS), at: fc.nat(30), value: number })
  .map(({ text, at, value }) => {
    let index = 0;
    return text.replaceAll(/-?\d+(\.\d+)?(?=[\],])/g, (found) => (index++ === at ? String(value) : found));
  });

async function check(text: string): Promise<void> {
  const outcome = await reading(() => crsFromWkt(text));
  if ('refused' in outcome) {
    expect(outcome.refused.code).toBe('crs-unknown');
    return;
  }
  for (const [x, y] of [
    [0, 0],
    [500_000, 5_000_000],
    [1e300, -1e300],
  ] as const) {
    const [longitude, latitude] = transformer(outcome.read, 'EPSG:4326')(x, y);
    expect(Number.isFinite(longitude)).toBe(Number.isFinite(latitude));
  }
}

describe('the text of a CRS', () => {
  printCorpora('texts of CRSs');

  fuzz('that was changed is a CRS that can be computed, or is not known', changedText(TEXTS), check);
  fuzz('with other numbers is a CRS that can be computed, or is not known', withOtherNumber, check);
  fuzz('that is any text is a CRS that can be computed, or is not known', hostileText, check);
});
