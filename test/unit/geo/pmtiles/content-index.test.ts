import { describe, expect, it } from 'vitest';
import { ContentIndex } from '../../../../shared/geo/pmtiles/content-index.ts';

const content = (number: number) => Buffer.from(`content ${number}`);

describe('ContentIndex', () => {
  it('finds each of many contents where it was placed first', () => {
    const index = new ContentIndex();
    for (let number = 0; number < 5000; number++) expect(index.place(content(number), number * 10)).toBe(number * 10);
    for (let number = 4999; number >= 0; number--) expect(index.place(content(number), 1e9)).toBe(number * 10);
  });

  it('remembers no more contents than it may, and the last one always', () => {
    const index = new ContentIndex(2);
    expect([0, 1, 2].map((number) => index.place(content(number), number))).toEqual([0, 1, 2]);
    expect(index.place(content(2), 3)).toBe(2);
    expect(index.place(content(0), 3)).toBe(0);
    expect(index.place(content(2), 3)).toBe(3);
    expect(index.place(content(2), 4)).toBe(3);
    expect(index.place(content(1), 4)).toBe(1);
  });

  it('places offsets beyond 32 bits', () => {
    const index = new ContentIndex();
    index.place(content(1), 5e12);
    index.place(content(2), 5e12 + 1);
    expect(index.place(content(1), 6e12)).toBe(5e12);
  });
});
