import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastReads } from '../../../../shared/geo/features/forecast-reads.ts';

class Cursor {
  isReading: boolean;
  readonly canRead: boolean;
  readonly neededAt: number;
  isBegun = false;

  constructor({ isReading, canRead, neededAt }: Pick<Cursor, 'isReading' | 'canRead' | 'neededAt'>) {
    this.isReading = isReading;
    this.canRead = canRead;
    this.neededAt = neededAt;
  }

  readAhead(): void {
    expect(this).toMatchObject({ isReading: false, canRead: true });
    this.isReading = this.isBegun = true;
  }
}

const state = fc.record({ isReading: fc.boolean(), canRead: fc.boolean(), neededAt: fc.nat(30) });

describe('forecastReads', () => {
  it('reads what is needed first, and leaves one read for what was not foreseen', () => {
    fc.assert(
      fc.property(
        fc.array(state),
        fc.array(fc.nat(30)),
        fc.nat(9),
        fc.integer({ min: 2, max: 12 }),
        (heap, keys, started, mostReads) => {
          const reached = heap.map((each) => new Cursor(each));
          // Waiting blocks were begun in their order, and are those that come last here.
          const waiting = [...keys]
            .sort((a, b) => a - b)
            .map((neededAt, index) => new Cursor({ isReading: index < started, canRead: index >= started, neededAt }))
            .reverse();
          const all = [...reached, ...waiting];
          const before = all.filter(({ isReading }) => isReading).length;
          const possible = all
            .filter(({ isReading, canRead }) => canRead && !isReading)
            .map(({ neededAt }) => neededAt);
          forecastReads(reached, waiting, mostReads);
          const wanted = possible.sort((a, b) => a - b).slice(0, Math.max(0, mostReads - 1 - before));
          const begun = all.filter(({ isBegun }) => isBegun).map(({ neededAt }) => neededAt);
          expect(begun.sort((a, b) => a - b)).toEqual(wanted);
        },
      ),
    );
  });
});
