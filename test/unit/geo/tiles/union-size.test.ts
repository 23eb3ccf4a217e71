import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unionSize } from '../../../../shared/geo/tiles/union-size.ts';

const box = fc
  .tuple(fc.nat(7), fc.nat(7), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .map(([startColumn, startRow, columns, rows]) => {
    return { startColumn, startRow, endColumn: startColumn + columns, endRow: startRow + rows };
  });

describe('unionSize', () => {
  it('counts each cell once', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 8 }), (boxes) => {
        const cells = new Set<string>();
        for (const { startColumn, startRow, endColumn, endRow } of boxes) {
          for (let column = startColumn; column < endColumn; column++) {
            for (let row = startRow; row < endRow; row++) cells.add(`${column}/${row}`);
          }
        }
        expect(unionSize(boxes)).toBe(cells.size);
      }),
      { numRuns: 300 },
    );
  });
});
