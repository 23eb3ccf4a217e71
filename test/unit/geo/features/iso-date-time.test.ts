import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsoDateTime, parseIsoDate, parseIsoDateTime } from '../../../../shared/geo/features/iso-date-time.ts';

const dayOf = (text: string) => parseIsoDate(Buffer.from(text), 0, text.length);
function timeOf(text: string): IsoDateTime | undefined {
  const time = new IsoDateTime();
  return parseIsoDateTime(Buffer.from(text), 0, text.length, time) ? time : undefined;
}
const anyDate = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});

describe('parseIsoDate', () => {
  it('counts days as Date does', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        expect(dayOf(date.toISOString().slice(0, 10))).toBe(Math.floor(date.getTime() / 86_400_000));
      }),
    );
  });

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '20261126', '2026-11-26 ', '1900-02-29', ''])(
    'refuses «%s»',
    (text) => {
      expect(dayOf(text)).toBeNaN();
    },
  );
});

describe('parseIsoDateTime', () => {
  it('reads instants as Date does', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000);
        fc.pre(local.getUTCFullYear() >= 0 && local.getUTCFullYear() <= 9999);
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
        const two = (value: number) => String(value).padStart(2, '0');
        const offset = `${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
        const time = timeOf(local.toISOString().slice(0, -1) + offset)!;
        expect(time.seconds * 1000 + time.nanoseconds / 1e6).toBe(date.getTime());
        expect([time.zoned, time.fractionDigits]).toEqual([true, 3]);
      }),
    );
  });

  it.each([
    ['2026-11-26T10:00', 0, false, 0],
    ['2026-11-26 10:00:00', 0, false, 0],
    ['2026-11-26T10:00:00.25', 250_000_000, false, 2],
    ['2026-11-26T10:00:00.123456789Z', 123_456_789, true, 9],
    ['2026-11-26T10:00:00+0000', 0, true, 0],
    ['2026-11-26T10:00:00+00', 0, true, 0],
    ['2026-11-26T10:00Z', 0, true, 0],
  ])('reads %s', (text, nanoseconds, zoned, fractionDigits) => {
    expect(timeOf(text)).toEqual({ seconds: Date.UTC(2026, 10, 26, 10) / 1000, nanoseconds, zoned, fractionDigits });
  });

  it.each([
    '2026-11-26',
    '2026-11-26T10',
    '2026-11-26T24:00:00',
    '2026-11-26T10:60:00',
    '2026-11-26T10:00:60',
    '2026-11-26T10:00:00.',
    '2026-11-26T10:00:00.1234567891',
    '2026-11-26T10:00:00z',
    '2026-11-26T10:00:00+1',
    '2026-11-26T10:00:00+24:00',
    '2026-11-26T10:00:00 Z',
    '2026-11-26T10:00.5',
    '2026-02-30T10:00:00',
  ])('refuses «%s»', (text) => {
    expect(timeOf(text)).toBeUndefined();
  });
});
