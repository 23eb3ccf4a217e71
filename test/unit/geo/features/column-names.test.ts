import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnNames } from '../../../../shared/geo/features/column-names.ts';
import { FEATURE_ID } from '../../../../shared/geo/features/feature-sink.ts';

const names = (...sources: string[]) => columnNames(sources).map(({ name }) => name);

describe('columnNames', () => {
  it('gives names that are unique whatever the case of their letters, and valid', () => {
    const source = fc.oneof(
      fc.constantFrom('a', 'A', 'a_2', 'geometry', 'ü'.repeat(200), 'Ü'.repeat(200), '', 'id', FEATURE_ID),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(source, { maxLength: 30 }), (sources) => {
        const given = names(...sources);
        expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(sources.length);
        for (const name of given) {
          expect(name).not.toMatch(/^$|\p{Cc}|^(?:geometry|bbox)$/iu);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('leaves a name as it is where it can, and says why where it cannot', () => {
    expect(columnNames(['Höhe (m)', 'name'])).toEqual([
      { name: 'Höhe (m)', reasons: [] },
      { name: 'name', reasons: [] },
    ]);
    expect(columnNames(['Name', 'name'])[1]!.reasons).toEqual([
      'Another field is named «name» when the case of letters is ignored.',
    ]);
    expect(columnNames(['bbox'])).toEqual([
      { name: 'bbox_2', reasons: ['«bbox» is the name of another part of the outputs.'] },
    ]);
  });

  it('gives a name to the field that has it, not to one whose name was changed', () => {
    expect(names(' a', 'a')).toEqual(['a_2', 'a']);
    expect(names(FEATURE_ID, 'id')).toEqual(['id_2', 'id']);
    expect(names(FEATURE_ID, 'name')).toEqual(['id', 'name']);
  });
});
