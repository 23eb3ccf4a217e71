import { describe, expect, it } from 'vitest';
import { kmlFormat } from '../../../shared/geo/formats/kml/kml-format.ts';
import { readLayer } from '../../helpers/read-layers.ts';

const TEXT = 'Größe € 😀 “x”';
const PLACEMARKS = `<Placemark><name>${TEXT}</name></Placemark>\n<Placemark><name>β</name></Placemark>`;

const kml = (encoding: string, placemarks = PLACEMARKS): string =>
  `<?xml version="1.0" encoding="${encoding}"?><kml><Folder><name>Ö</name>${placemarks}</Folder></kml>`;

const utf8 = (text: string): Buffer => Buffer.from(text);
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => utf16le(text).swap16();

describe('encodings', () => {
  it.each([
    ['UTF-8', utf8, kml('UTF-8')],
    ['UTF-8 with a mark', utf8, `\uFEFF${kml('UTF-8')}`],
    ['UTF-16 with a mark', utf16le, `\uFEFF${kml('UTF-16')}`],
    ['UTF-16 with the other mark', utf16be, `\uFEFF${kml('UTF-16')}`],
    ['UTF-16 without a mark', utf16le, kml('UTF-16')],
    ['UTF-16 in the other order without a mark', utf16be, kml('UTF-16')],
    ['UTF-8 that says it is UTF-16', utf8, kml('utf-16')],
  ])('reads %s, in any cut, and tells where records stand', async (_, encode, text) => {
    const bytes = encode(text);
    for (const blockBytes of [1, 2 ** 20]) {
      const { features } = await readLayer(kmlFormat, bytes, { blockBytes });
      expect(features.map(({ properties }) => [properties['name']?.['text'], properties['folder']?.['text']])).toEqual([
        [TEXT, 'Ö'],
        ['β', 'Ö'],
      ]);
      const start = encode('<Placemark>');
      expect(features.map(({ place }) => place.offset)).toEqual([bytes.indexOf(start), bytes.lastIndexOf(start)]);
    }
  });

  it('reads latin1 that is declared', async () => {
    const text = kml('ISO-8859-1', '<Placemark><name>Größe</name></Placemark><Placemark><name>é</name></Placemark>');
    const bytes = Buffer.from(text, 'latin1');
    const { features } = await readLayer(kmlFormat, bytes, { blockBytes: 1 });
    expect(features.map(({ properties }) => properties['name'])).toEqual([{ text: 'Größe' }, { text: 'é' }]);
    expect(features.map(({ place }) => place.offset)).toEqual([
      bytes.indexOf('<Placemark>'),
      bytes.lastIndexOf('<Placemark>'),
    ]);
  });

  it('reads what the caller says it is', async () => {
    const bytes = Buffer.from(kml('UTF-8', '<Placemark><name>Größe</name></Placemark>'), 'latin1');
    const { features } = await readLayer(kmlFormat, bytes, { read: { encoding: 'windows-1252' } });
    expect(features[0]?.properties['name']).toEqual({ text: 'Größe' });
  });

  it('rejects a record that is not in the encoding, and reads the next', async () => {
    const bytes = Buffer.concat([
      Buffer.from('<kml><Placemark><name>'),
      Buffer.from([0xe9]),
      Buffer.from('</name></Placemark><Placemark/></kml>'),
    ]);
    const { features, rejects } = await readLayer(kmlFormat, bytes);
    expect(features).toHaveLength(1);
    expect(rejects.map(({ problem, source }) => [problem.code, source])).toEqual([
      ['xml-encoding-invalid', { bytes: Uint8Array.from(bytes.subarray(5, bytes.length - 18)) }],
    ]);
  });

  it('refuses an encoding that it does not read, and half a character', async () => {
    await expect(readLayer(kmlFormat, kml('Shift_JIS'))).rejects.toMatchObject({ code: 'encoding-unsupported' });
    const bytes = Buffer.concat([
      utf16le('\uFEFF<kml><Placemark><name>'),
      Buffer.from([0x00, 0xd8]),
      utf16le('</name></Placemark></kml>'),
    ]);
    await expect(readLayer(kmlFormat, bytes)).rejects.toMatchObject({ code: 'text-encoding-invalid' });
  });
});
