import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapefile } from '../../../shared/geo/formats/shapefile/shapefile-format.ts';
import { readFeatures } from '../../helpers/read-features.ts';
import { shapefileSource } from '../../helpers/shapefile-source.ts';
import { writeDbf, writeShapefile, type PlainDbfField } from '../../helpers/write-shapefile.ts';

type Cell = string | Buffer | null;

async function readRows(
  fields: readonly PlainDbfField[],
  rows: readonly (readonly Cell[])[],
  options: { languageDriver?: number; version?: number; cpg?: string; encoding?: string } = {},
) {
  const shapes = rows.map(() => ({ type: 0 }));
  const files = {
    ...{ ...writeShapefile(1, shapes), dbf: writeDbf(fields, rows, options) },
    cpg: options.cpg === undefined ? undefined : Buffer.from(options.cpg),
  };
  const read = options.encoding === undefined ? {} : { read: { encoding: options.encoding } };
  const [result] = await readFeatures(shapefile, shapefileSource(files), read);
  const { layer, sink } = result!;
  return {
    layer,
    rows: sink.features.map(({ properties }) => properties),
    notes: sink.notes.map(({ code }) => code),
  };
}

async function readValue(type: string, value: Cell, more: Partial<PlainDbfField> & { version?: number } = {}) {
  const length = more.length ?? (value ?? '').length;
  const { rows } = await readRows([{ name: 'f', type, ...more, length }], [[value]], { ...more, cpg: 'UTF-8' });
  return rows[0]!['f'];
}

const int32 = (...values: number[]) => Buffer.from(Int32Array.from(values).buffer);
const text = { name: 'f', type: 'C', length: 20 };

describe('.dbf', () => {
  it.each<[string, string, unknown]>([
    ['12', 'N', { integer: 12 }],
    ['-7', 'N', { integer: -7 }],
    ['   0012', 'N', { integer: 12 }],
    ['9007199254740993', 'N', { bigInteger: 9007199254740993n }],
    ['-9223372036854775808', 'N', { bigInteger: -9223372036854775808n }],
    ['9223372036854775808', 'N', { double: 2 ** 63 }],
    ['1.50', 'N', { double: 1.5 }],
    ['1.5e3', 'N', { double: 1500 }],
    ['5.', 'N', { double: 5 }],
    ['.5', 'N', { double: 0.5 }],
    ['12', 'F', { double: 12 }],
    ['1.00000000000e+001', 'F', { double: 10 }],
    ['     ', 'N', undefined],
    ['*****', 'N', undefined],
    ['\0\0\0', 'N', undefined],
    ['n/a', 'N', { text: 'n/a' }],
    ['-', 'N', { text: '-' }],
    ['T', 'L', { boolean: true }],
    ['y', 'L', { boolean: true }],
    ['f', 'L', { boolean: false }],
    ['N', 'L', { boolean: false }],
    ['?', 'L', undefined],
    [' ', 'L', undefined],
    ['20261126', 'D', { date: '2026-11-26' }],
    ['00010101', 'D', { date: '0001-01-01' }],
    ['20240229', 'D', { date: '2024-02-29' }],
    ['20230229', 'D', { text: '20230229' }],
    ['00000000', 'D', undefined],
    ['        ', 'D', undefined],
    ['Zürich   ', 'C', { text: 'Zürich' }],
    ['  x', 'C', { text: '  x' }],
    ['   ', 'C', undefined],
  ])('reads «%s» of type %s', async (value, type, expected) => {
    expect(await readValue(type, Buffer.from(value))).toEqual(expected);
  });

  it('reads binary types of FoxPro and dBASE', async () => {
    expect(await readValue('I', int32(-5))).toEqual({ integer: -5 });
    expect(await readValue('+', int32(7))).toEqual({ integer: 7 });
    const double = Buffer.from(Float64Array.of(1.25).buffer);
    expect(await readValue('O', double)).toEqual({ double: 1.25 });
    expect(await readValue('B', double, { version: 0x30 })).toEqual({ double: 1.25 });
    expect(await readValue('Y', Buffer.from(BigInt64Array.of(-123_456n).buffer))).toEqual({ double: -12.3456 });
    // The day of 2026-11-26 by the Julian count is 2461371.
    for (const type of ['T', '@']) {
      expect(await readValue(type, int32(2_461_371, 37_230_500))).toEqual({ dateTime: '2026-11-26T10:20:30.500' });
      expect(await readValue(type, int32(0, 0))).toBeUndefined();
      expect(await readValue(type, int32(-1, 5))).toEqual({ text: '-1 5' });
    }
  });

  it('says which fields it does not read', async () => {
    const fields = [
      { name: 'memo', type: 'M', length: 10 },
      { name: 'b', type: 'B', length: 10 },
      { name: 'c', type: 'C', length: 1 },
    ];
    const { layer, rows } = await readRows(fields, [['1', '2', 'x']]);
    expect(rows).toEqual([{ c: { text: 'x' } }]);
    expect(layer.fields).toEqual([{ name: 'c', type: 'text' }]);
    expect(layer.notes).toEqual(
      expect.arrayContaining([
        'The field memo of the .dbf is of type M, which is not read.',
        'The field b of the .dbf is of type B, which is not read.',
      ]),
    );
  });

  it('tells fields of one name or none apart', async () => {
    const fields = ['a', 'a', '', 'a_2'].map((name) => ({ name, type: 'C', length: 1 }));
    const { rows } = await readRows(fields, [['1', '2', '3', '4']]);
    expect(rows).toEqual([{ a: { text: '1' }, a_2: { text: '2' }, field_3: { text: '3' }, a_2_4: { text: '4' } }]);
  });

  it('reads texts of more than 255 bytes', async () => {
    const long = 'x'.repeat(700);
    expect(await readValue('C', long)).toEqual({ text: long });
  });

  it('takes blanks and zeros off the end of any text, and no others', async () => {
    const texts = fc.tuple(
      fc.string({ unit: fc.constantFrom('é', 'z', ' ', ' ', ' ', '\0'), maxLength: 5 }),
      fc.string({ unit: fc.constantFrom('z', ' ', ' ', ' '), maxLength: 10 }),
    );
    const fields = ['f', 'g'].map((name) => ({ name, type: 'C', length: 10 }));
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 20 }), async (pairs) => {
        const { rows } = await readRows(fields, pairs, { cpg: 'UTF-8' });
        const trimmed = pairs.map((pair) => pair.map((each) => each.replace(/[ \0]+$/, '')));
        const given = (value: string) => (value === '' ? undefined : { text: value });
        expect(rows.map(({ f, g }) => [f, g])).toEqual(trimmed.map((pair) => pair.map(given)));
      }),
      { numRuns: 100 },
    );
  });

  it('reads any number with a point as JavaScript does', async () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.integer(), fc.nat({ max: 8 })).map(([value, decimals]) => (value / 10 ** decimals).toFixed(decimals)),
      fc.stringMatching(/^-?\d{1,19}\.\d{1,20}$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 50 }), async (values) => {
        const { rows } = await readRows([{ name: 'f', type: 'F', length: 60, decimals: 10 }], values.map((each) => [each])); // prettier-ignore
        expect(rows.map((row) => row['f'])).toEqual(values.map((each) => ({ double: Number(each) })));
      }),
    );
  });

  it('reads any integer of 64 bits exactly', async () => {
    const integers = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(integers, async (values) => {
        const { rows } = await readRows([{ name: 'f', type: 'N', length: 20 }], values.map((each) => [String(each)])); // prettier-ignore
        const given = rows.map((row) => row['f']!['bigInteger'] ?? BigInt(row['f']!['integer'] as number));
        expect(given).toEqual(values);
      }),
    );
  });

  describe('takes the encoding', () => {
    const bytes = {
      utf8: Buffer.from('Łódź', 'utf8'),
      windows1252: Buffer.from([0x5a, 0xfc, 0x80]),
      cp850: Buffer.from([0x5a, 0x81, 0xd5]),
      cp437: Buffer.from([0x5a, 0x81, 0xe1]),
      windows1251: Buffer.from([0xcc, 0xee]),
      shiftJis: Buffer.from([0x93, 0x8c, 0x8b, 0x9e]),
    };
    it.each<[string, Buffer, Parameters<typeof readRows>[2], string]>([
      ['of .cpg, UTF-8', bytes.utf8, { cpg: 'UTF-8' }, 'Łódź'],
      ['of .cpg, a number', bytes.windows1252, { cpg: '1252\n' }, 'Zü€'],
      ['of .cpg, with a prefix', bytes.windows1251, { cpg: 'ANSI 1251' }, 'Мо'],
      ['of .cpg, of ISO', bytes.windows1252.subarray(0, 2), { cpg: 'ISO 88591' }, 'Zü'],
      ['of .cpg before that of .dbf', bytes.utf8, { cpg: 'UTF-8', languageDriver: 0x57 }, 'Łódź'],
      ['of .dbf, Windows', bytes.windows1252, { languageDriver: 0x57 }, 'Zü€'],
      ['of .dbf, DOS', bytes.cp850, { languageDriver: 0x02 }, 'Züı'],
      ['of .dbf, DOS of the United States', bytes.cp437, { languageDriver: 0x01 }, 'Züß'],
      ['of .dbf, Russian', bytes.windows1251, { languageDriver: 0xc9 }, 'Мо'],
      ['of .dbf, Japanese', bytes.shiftJis, { languageDriver: 0x13 }, '東京'],
      ['of .dbf where that of .cpg is not known', bytes.windows1252, { cpg: 'KLINGON', languageDriver: 0x57 }, 'Zü€'],
      ['of the caller before all', bytes.windows1251, { cpg: 'UTF-8', encoding: 'windows-1251' }, 'Мо'],
    ])('%s', async (_name, value, options, expected) => {
      const { rows, notes } = await readRows([text], [[value]], options);
      expect(rows).toEqual([{ f: { text: expected } }]);
      expect(notes).toEqual([]);
    });

    it('as a guess where none is told, and notes it', async () => {
      const { layer, rows, notes } = await readRows([text], [[bytes.utf8], [bytes.windows1252], ['plain']]);
      expect(rows.map((row) => row['f'])).toEqual([{ text: 'Łódź' }, { text: 'Zü€' }, { text: 'plain' }]);
      expect(notes).toEqual(['text-encoding-guessed']);
      expect(layer.notes).toContainEqual(expect.stringContaining('encoding of texts is not told'));
    });

    it('of names of fields, too', async () => {
      const { rows } = await readRows([{ name: 'gr\u00f6\u00dfe', type: 'C', length: 1 }], [['x']], {
        languageDriver: 0x57,
      });
      expect(rows).toEqual([{ größe: { text: 'x' } }]);
    });

    it('and notes a character that was cut in its midst', async () => {
      const { rows, notes } = await readRows([{ ...text, length: 3 }], [[bytes.utf8]], { cpg: 'UTF-8' });
      expect(rows).toEqual([{ f: { text: 'Ł\ufffd' } }]);
      expect(notes).toEqual(['text-encoding-invalid']);
    });

    it('and refuses one of the caller that is not known', async () => {
      await expect(readRows([text], [['x']], { encoding: 'klingon' })).rejects.toMatchObject({
        code: 'shapefile-encoding-unknown',
        retryable: false,
      });
    });
  });
});
