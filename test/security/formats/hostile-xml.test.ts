import { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FeatureFormat } from '../../../shared/geo/features/feature-format.ts';
import { gmlFormat } from '../../../shared/geo/formats/gml/gml-format.ts';
import { gpxFormat } from '../../../shared/geo/formats/gpx/gpx-format.ts';
import { kmlFormat } from '../../../shared/geo/formats/kml/kml-format.ts';
import type { RangeReader } from '../../../shared/sources/range-reader.ts';
import { CountingSink } from '../../helpers/counting-sink.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readLayer, readLayers } from '../../helpers/read-layers.ts';
import { reading } from '../corpus/fuzz.ts';
import { GML_SEED, GPX_SEED, KML_SEED } from './xml-files.ts';

const MIB = 2 ** 20;
const { signal } = new AbortController();
const SEEDS = [
  ['KML', kmlFormat, KML_SEED],
  ['GPX', gpxFormat, GPX_SEED],
  ['GML', gmlFormat, GML_SEED],
] as const;
type AnyFormat = FeatureFormat<unknown>;

const kml = (content: string): string => `<kml><Document>${content}</Document></kml>`;
const gml = (content: string): string =>
  `<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><f>${content}</f></gml:featureMember></gml:FeatureCollection>`;

const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  const result = await reading(() => work);
  return 'refused' in result ? result.refused.code : undefined;
};

/** Codes of the rejected records of a file of one layer, each once. */
async function rejectsOf(format: AnyFormat, content: string): Promise<string[]> {
  const { rejects } = await readLayer(format, content);
  return [...new Set(rejects.map(({ problem }) => problem.code))];
}

describe('hostile XML', () => {
  describe.each(SEEDS)('in %s', (_, format: AnyFormat, seed) => {
    it.each([
      '<!DOCTYPE a>',
      '<!doctype a>',
      '<!DOCTYPE a [<!ENTITY b "c">]>',
      '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      '<!ENTITY a "b">',
      '<!ELEMENT a ANY>',
    ])('%s is refused wherever it stands', async (doctype) => {
      // Between any two tags: behind the declaration, around records and within them, behind the root.
      for (const match of seed.matchAll(/>|$/g)) {
        const at = match.index + 1;
        const before = seed.slice(0, at);
        const isUnread =
          before.lastIndexOf('<!') > before.lastIndexOf('-->') &&
          !/(-->|\]\]>)[^]*$/.test(before.slice(before.lastIndexOf('<!')));
        if (isUnread) continue;
        expect(await codeOf(readLayers(format, before + doctype + seed.slice(at)))).toBe('xml-doctype-refused');
      }
    });

    it('a bomb of entities is refused before it is read', async () => {
      const levels = Array.from({ length: 9 }, (__, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`);
      const bomb = `<!DOCTYPE b [<!ENTITY l0 "lol">${levels.join('')}]>`;
      expect(await codeOf(readLayers(format, seed.replace('?>', `?>${bomb}`)))).toBe('xml-doctype-refused');
    });

    it('a file that is cut off anywhere is refused for good', async () => {
      const codes = new Set<string | undefined>();
      const last = seed.trimEnd().length;
      for (let length = 1; length < last; length += 7)
        codes.add(await codeOf(readLayers(format, seed.slice(0, length))));
      expect(['xml-truncated', 'xml-not-well-formed']).toEqual(expect.arrayContaining([...codes]));
    });

    it('a larger file that is cut off at each kilobyte is refused for good', async () => {
      const root = /<(\w+:)?(kml|gpx|FeatureCollection)\b[^>]*>/.exec(seed)![0];
      const start = seed.indexOf(root) + root.length;
      const end = seed.trimEnd().lastIndexOf('</');
      const large = seed.slice(0, start) + seed.slice(start, end).repeat(20);
      for (let length = 1024; length < large.length; length += 1024) {
        expect(await codeOf(readLayers(format, large.slice(0, length)))).toBe('xml-truncated');
      }
    });

    it('nothing that it names is fetched', async () => {
      const connect = vi.spyOn(Socket.prototype, 'connect');
      const fetched = vi.spyOn(globalThis, 'fetch');
      const named = seed.replace(
        /(<\w*:?(kml|gpx|FeatureCollection)\b)/,
        (root) => `${root} xsi:schemaLocation="http://127.0.0.1:9/a http://127.0.0.1:9/a.xsd"`,
      );
      expect(named).not.toBe(seed);
      expect((await readLayers(format, named)).size).toBeGreaterThan(0);
      expect(connect).not.toHaveBeenCalled();
      expect(fetched).not.toHaveBeenCalled();
    });

    it('is read in one pass to be cut, and block by block within their ranges', async () => {
      const file = memoryReader(Buffer.from(seed));
      const layers = await format.inspect({ file }, { blockBytes: 1, name: 'file', signal });
      const passed = file.reads.reduce((sum, { length }) => sum + length, 0);
      expect(passed).toBeLessThanOrEqual(2 * file.size);
      for (const layer of layers) {
        const { blocks } = layer.detail as { blocks: { start: number; end: number }[] };
        for (const [block, { start, end }] of blocks.entries()) {
          const before = file.reads.length;
          await format.readBlock({ file }, layer, block, new CountingSink(), signal);
          expect(file.reads.slice(before)).toEqual([{ offset: start, length: end - start }]);
        }
      }
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('of a million elements within each other is rejected, or refused around records', async () => {
    const deep = '<a>'.repeat(1e6) + '</a>'.repeat(1e6);
    expect(await rejectsOf(kmlFormat, kml(`<Placemark>${deep}</Placemark>`))).toEqual(['xml-too-deep']);
    expect(await rejectsOf(gmlFormat, gml(deep))).toEqual(['xml-too-deep']);
    expect(await codeOf(readLayers(kmlFormat, '<kml>' + '<Folder>'.repeat(1e6)))).toBe('xml-too-deep');
    expect(await codeOf(readLayers(gmlFormat, '<FeatureCollection>' + '<member><FeatureCollection>'.repeat(1e6)))).toBe(
      'xml-too-deep',
    );
    const nested = '<MultiGeometry>'.repeat(1e5) + '</MultiGeometry>'.repeat(1e5);
    expect(await rejectsOf(kmlFormat, kml(`<Placemark>${nested}</Placemark>`))).toEqual(['xml-too-deep']);
  });

  it('with a million attributes is rejected, or refused around records', async () => {
    const attributes = Array.from({ length: 1e6 }, (_, index) => ` a${index}=""`).join('');
    expect(await codeOf(readLayers(kmlFormat, kml(`<Placemark${attributes}/>`)))).toBe('xml-tag-too-long');
    expect(await rejectsOf(kmlFormat, kml(`<Placemark><name${attributes}/></Placemark>`))).toEqual([
      'xml-too-many-attributes',
    ]);
    expect(await codeOf(readLayers(kmlFormat, `<kml><Folder${attributes}/></kml>`))).toBe('xml-tag-too-long');
  });

  it('with texts, names and numbers that are too long is rejected', async () => {
    const long = 'x'.repeat(17 * MIB);
    expect(await rejectsOf(kmlFormat, kml(`<Placemark><name>${long}</name></Placemark>`))).toEqual([
      'xml-value-too-large',
    ]);
    expect(await rejectsOf(kmlFormat, kml(`<Placemark><name><![CDATA[${long}]]></name></Placemark>`))).toEqual([
      'xml-value-too-large',
    ]);
    expect(await rejectsOf(kmlFormat, kml(`<Placemark><${'x'.repeat(2000)}/></Placemark>`))).toEqual([
      'xml-value-too-large',
    ]);
    expect(await rejectsOf(kmlFormat, kml(`<Placemark id="${'x'.repeat(70_000)}"/>`))).toEqual(['xml-value-too-large']);
    const digits = '9'.repeat(1e6);
    expect(
      await rejectsOf(kmlFormat, kml(`<Placemark><Point><coordinates>${digits},1</coordinates></Point></Placemark>`)),
    ).toEqual(['coordinates-invalid']);
  });

  it('with a million values of one field, or of a million fields, is rejected or refused', async () => {
    const same = '<Data name="a"><value>1</value></Data>'.repeat(200_000);
    expect(await rejectsOf(kmlFormat, kml(`<Placemark><ExtendedData>${same}</ExtendedData></Placemark>`))).toEqual([
      'xml-too-many-values',
    ]);
    const others = Array.from({ length: 1e5 }, (_, index) => `<a${index}>1</a${index}>`).join('');
    expect(await codeOf(readLayers(gmlFormat, gml(others)))).toBe('xml-too-many-fields');
    const schema = `<Schema id="s">${'<SimpleField name="a" type="int"/>'.repeat(5000)}</Schema>`;
    expect(await codeOf(readLayers(kmlFormat, kml(schema)))).toBe('xml-too-many-fields');
    const types = Array.from({ length: 300 }, (_, index) => `<t${index}/>`).join('');
    expect(
      await codeOf(
        readLayers(gmlFormat, `<FeatureCollection><featureMembers>${types}</featureMembers></FeatureCollection>`),
      ),
    ).toBe('xml-too-many-layers');
  });

  it('with a collection of very many members of several kinds is rejected; of one kind it is read', async () => {
    const points = '<Point><coordinates>1,2</coordinates></Point>'.repeat(20_000);
    const line = '<LineString><coordinates>1,2 3,4</coordinates></LineString>';
    const { features, rejects } = await readLayer(
      kmlFormat,
      kml(
        `<Placemark><MultiGeometry>${points}</MultiGeometry></Placemark><Placemark><MultiGeometry>${points}${line}</MultiGeometry></Placemark>`,
      ),
    );
    expect(features).toHaveLength(1);
    expect(rejects.map(({ problem }) => problem.code)).toEqual(['geometry-too-many-members']);
  });

  it('with folders of long names around very many blocks is refused', async () => {
    const folder = (index: number): string => `<Folder><name>${index}${'x'.repeat(9e5)}</name><Placemark/></Folder>`;
    const file = memoryReader(Buffer.from(kml(Array.from({ length: 20 }, (_, index) => folder(index)).join(''))));
    expect(await codeOf(kmlFormat.inspect({ file }, { blockBytes: 1, name: 'file', signal }))).toBe(
      'xml-context-too-large',
    );
  });

  it('whose record, comment or CDATA section never ends is refused once 64 MiB are read', async () => {
    for (const start of ['<Placemark>', '<!--', '<![CDATA[', '<?x ', '<Placemark><!--', '<Placemark><a b="', '<a ']) {
      const file = endless(`<kml><Document>${start}`);
      const code = await codeOf(kmlFormat.inspect({ file }, { blockBytes: 8 * MIB, name: 'file', signal }));
      expect(code).toBe(start === '<a ' ? 'xml-tag-too-long' : 'xml-record-too-large');
      expect(file.bytes).toBeLessThan(72 * MIB);
    }
  });

  it('with very many records that are not closed gives one reject for each', async () => {
    const { rejects, features } = await readLayer(kmlFormat, kml('<Placemark>'.repeat(20_000)));
    expect(features).toEqual([]);
    expect(rejects).toHaveLength(20_000);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n '],
    ['a comment', '<!-- x -->'],
    ['no markup', 'hello'],
    ['a TIFF', 'II*\0\b\0\0\0'],
    ['zeros', '\0'.repeat(100)],
    ['a second root', '<kml/><kml/>'],
    ['text behind the root', '<kml/>x'],
    ['a closing tag alone', '</kml>'],
    ['crossed folders', '<kml><Document><Folder></Document></Folder></kml>'],
    ['a broken container', '<kml><Folder a=b></Folder></kml>'],
    ['an unknown entity in the name of a folder', '<kml><Folder><name>&x;</name></Folder></kml>'],
  ])('that is %s is refused', async (_, content) => {
    expect(await codeOf(readLayers(kmlFormat, content))).toBe('xml-not-well-formed');
  });

  it('keeps names of objects of the language as names', async () => {
    const { features } = await readLayer(
      kmlFormat,
      kml(
        '<Placemark><ExtendedData><Data name="__proto__"><value>1</value></Data><Data name="constructor"><value>2</value></Data></ExtendedData></Placemark>',
      ),
    );
    expect(Object.keys(features[0]!.properties)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['lexical']).toBeUndefined();
  });
});

/** A file of 4 GiB that begins with a text, and goes on with one letter. */
function endless(start: string): RangeReader & { bytes: number } {
  return {
    url: new URL('memory:///endless.kml'),
    size: 2 ** 32,
    etag: '"endless"',
    bytes: 0,
    async read(offset, length) {
      this.bytes += length;
      const bytes = Buffer.alloc(length, 'x');
      if (offset === 0) bytes.write(start);
      return bytes;
    },
  };
}
