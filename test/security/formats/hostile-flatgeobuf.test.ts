import { describe, expect, it } from 'vitest';
import { flatGeobufFormat } from '../../../shared/geo/formats/flatgeobuf/flatgeobuf-format.ts';
import { makeFlatGeobuf, propertyBytes, type FlatGeobufFeature } from '../../helpers/make-flatgeobuf.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readSource } from '../../helpers/read-source.ts';
import { makeTiff } from '../../helpers/make-tiff.ts';

const read = async (bytes: Uint8Array, blockBytes = 1_000_000) =>
  (await readSource(flatGeobufFormat, memoryReader(bytes), { blockBytes }))[0]!;
const refused = (code: string) => ({ code, retryable: false });
const POINT = { type: 'Point' as const, coordinates: [1, 2] };
const columns = [
  { name: 'a', type: 'Int' as const },
  { name: 'b', type: 'String' as const },
];

/** Changes bytes in place by a view of them. */
function changed(bytes: Uint8Array<ArrayBuffer>, change: (view: DataView) => void): Uint8Array {
  const copy = bytes.slice();
  change(new DataView(copy.buffer));
  return copy;
}

const headerEnd = (bytes: Uint8Array<ArrayBuffer>): number => 12 + new DataView(bytes.buffer).getUint32(8, true);

describe('a file that is', () => {
  it.each([
    ['empty', new Uint8Array(0)],
    ['eight bytes long', Buffer.from('fgb\u0003fgb\u0001')],
    ['a TIFF', makeTiff({ width: 40, height: 40 })],
    ['of version 2', Buffer.from('fgb\u0002fgb\u0001aaaaaaaaaaaaaaaaaaaaaaa')],
  ])('%s is no FlatGeobuf', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject(refused('not-a-flatgeobuf'));
  });

  const whole = makeFlatGeobuf({
    columns,
    features: Array.from({ length: 300 }, () => ({ geometry: POINT })),
    indexNodeSize: 16,
  });

  it('cut off after any 1,000 bytes is corrupt', async () => {
    expect(whole.length).toBeGreaterThan(30_000);
    for (let length = 1_000; length < whole.length; length += 1_000) {
      for (const blockBytes of [1_000, 1_000_000]) {
        await expect(read(whole.subarray(0, length), blockBytes)).rejects.toMatchObject(refused('flatgeobuf-corrupt'));
      }
    }
  });

  it('without the features that it tells of is corrupt', async () => {
    const end = headerEnd(makeFlatGeobuf({ features: [] }));
    const bytes = makeFlatGeobuf({ features: [], featuresCount: 5 }).subarray(0, end);
    await expect(read(bytes)).rejects.toMatchObject(refused('flatgeobuf-corrupt'));
  });

  it.each<[string, (view: DataView) => void]>([
    ['a header that ends behind the file', (view) => view.setUint32(8, view.byteLength, true)],
    ['a header of four bytes', (view) => view.setUint32(8, 4, true)],
    ['a root that leads to itself', (view) => view.setUint32(12, 0, true)],
    ['a root that leads out of the header', (view) => view.setUint32(12, 100_000, true)],
    ['a vtable before the header', (view) => view.setInt32(12 + view.getUint32(12, true), 100_000, true)],
    ['a vtable behind the header', (view) => view.setInt32(12 + view.getUint32(12, true), -100_000, true)],
  ])('%s is corrupt', async (_what, change) => {
    await expect(read(changed(whole, change))).rejects.toMatchObject(refused('flatgeobuf-corrupt'));
  });

  it('a header of more than ten mebibytes is refused before it is read', async () => {
    const reader = memoryReader(changed(whole, (view) => view.setUint32(8, 2 ** 31, true)));
    await expect(readSource(flatGeobufFormat, reader)).rejects.toMatchObject({
      ...refused('flatgeobuf-too-large'),
      limit: 10 * 1024 ** 2,
    });
    expect(reader.reads).toHaveLength(1);
  });

  it('of more features than bytes is corrupt', async () => {
    const bytes = makeFlatGeobuf({ features: [{}], featuresCount: 2 ** 53, indexNodeSize: 16 });
    await expect(read(bytes)).rejects.toMatchObject(refused('flatgeobuf-corrupt'));
  });

  it('with an index that has one child to a node is corrupt', async () => {
    const bytes = makeFlatGeobuf({ features: [{}], indexNodeSize: 16 });
    const other = makeFlatGeobuf({ features: [{}], indexNodeSize: 17 });
    const at = bytes.findIndex((byte, index) => byte !== other[index]);
    await expect(read(changed(bytes, (view) => view.setUint16(at, 1, true)))).rejects.toMatchObject(
      refused('flatgeobuf-corrupt'),
    );
  });

  it('of 10,001 columns is refused', async () => {
    const many = Array.from({ length: 10_001 }, (_, index) => ({ name: `${index}`, type: 'Int' as const }));
    await expect(read(makeFlatGeobuf({ columns: many, features: [] }))).rejects.toMatchObject({
      ...refused('flatgeobuf-too-large'),
      limit: 10_000,
    });
  });

  it('of columns that share one long name is corrupt', async () => {
    const bytes = makeFlatGeobuf({ columns: [{ name: 'x'.repeat(5_000), type: 'Int' }], features: [] });
    await expect(read(bytes)).rejects.toMatchObject(refused('flatgeobuf-corrupt'));
  });
});

describe('a feature', () => {
  it.each([0, 7, 2 ** 32 - 1])('that says it has %i bytes ends the block', async (length) => {
    const bytes = makeFlatGeobuf({ features: [{ geometry: POINT }, { geometry: POINT }] });
    const cut = changed(bytes, (view) => view.setUint32(headerEnd(bytes), length, true));
    await expect(read(cut)).rejects.toMatchObject(refused('flatgeobuf-corrupt'));
  });

  it('of more than 64 MiB is rejected unread', async () => {
    const bytes = makeFlatGeobuf({ features: [{ geometry: POINT }, { geometry: POINT }], featuresCount: 3 });
    const start = headerEnd(bytes);
    const length = 65 * 1024 ** 2;
    const large = new Uint8Array(start + 4 + length + bytes.length - start);
    large.set(bytes.subarray(0, start));
    new DataView(large.buffer).setUint32(start, length, true);
    large.set(bytes.subarray(start), start + 4 + length);
    const reader = memoryReader(large);
    const [layer] = await readSource(flatGeobufFormat, reader, { blockBytes: 2 ** 40 });
    expect(layer!.sink.rejects.map(({ problem }) => problem.code)).toEqual(['flatgeobuf-feature-too-large']);
    expect(layer!.sink.features).toHaveLength(2);
    expect(reader.reads.reduce((sum, each) => sum + each.length, 0)).toBeLessThan(20 * 1024 ** 2);
  });

  const raw = (type: number, xy: number[], ends?: number[]): FlatGeobufFeature => ({
    raw: { type, xy, ...(ends === undefined ? {} : { ends }) },
    properties: [
      [0, propertyBytes('Int', 7)],
      [1, propertyBytes('String', 'x')],
    ],
  });

  it.each<[string, string, FlatGeobufFeature]>([
    ['an arc of two positions', 'flatgeobuf-feature-corrupt', raw(8, [0, 0, 1, 1])],
    ['an arc of four positions', 'flatgeobuf-feature-corrupt', raw(8, [0, 0, 1, 1, 2, 0, 3, 1])],
    ['an abstract curve', 'flatgeobuf-feature-corrupt', raw(13, [0, 0, 1, 1, 2, 0])],
    ['a type that there is not', 'flatgeobuf-feature-corrupt', raw(99, [0, 0])],
    ['no type', 'flatgeobuf-feature-corrupt', raw(0, [0, 0])],
    ['a point of two positions', 'flatgeobuf-feature-corrupt', raw(1, [0, 0, 1, 1])],
    ['ends out of order', 'flatgeobuf-feature-corrupt', raw(5, [0, 0, 1, 1, 2, 2], [2, 1])],
    ['an end behind the vertices', 'flatgeobuf-feature-corrupt', raw(5, [0, 0, 1, 1], [2, 3])],
    ['an end before the vertices end', 'flatgeobuf-feature-corrupt', raw(5, [0, 0, 1, 1, 2, 2], [1, 2])],
    ['an empty outer ring', 'flatgeobuf-feature-corrupt', raw(3, [0, 0, 1, 1, 2, 2, 0, 0], [0, 4])],
  ])('with %s is rejected, with its properties', async (_what, code, feature) => {
    const { sink } = await read(makeFlatGeobuf({ columns, features: [feature, { geometry: POINT }] }));
    expect(sink.rejects).toMatchObject([
      { problem: { code }, place: { number: 0 }, source: { properties: { a: 7, b: 'x' } } },
    ]);
    expect(sink.features).toHaveLength(1);
  });

  it.each<[string, FlatGeobufFeature['properties']]>([
    ['a column that there is not', [[2, Uint8Array.of(1)]]],
    [
      'two values for a column',
      [
        [0, propertyBytes('Int', 1)],
        [0, propertyBytes('Int', 1)],
      ],
    ],
    ['a value that is cut off', [[0, Uint8Array.of(1, 2)]]],
    ['a text that is longer than it', [[1, Uint8Array.of(255, 255, 255, 255, 65)]]],
    [
      'half a number of a column',
      [
        [0, propertyBytes('Int', 1)],
        [1, new Uint8Array(0)],
      ],
    ],
  ])('with %s is rejected, with its bytes', async (_what, properties) => {
    const { sink } = await read(makeFlatGeobuf({ columns, features: [{ geometry: POINT, properties: properties! }] }));
    expect(sink.rejects).toMatchObject([
      { problem: { code: 'flatgeobuf-feature-corrupt' }, source: { bytes: expect.any(Uint8Array) as unknown } },
    ]);
  });

  it('whose collections lie 17 deep is rejected', async () => {
    const nested = (depth: number): FlatGeobufFeature['geometry'] =>
      depth === 0 ? POINT : { type: 'GeometryCollection', geometries: [nested(depth - 1)!] };
    const { sink } = await read(makeFlatGeobuf({ features: [{ geometry: nested(16)! }, { geometry: nested(17)! }] }));
    expect(sink.features).toHaveLength(1);
    expect(sink.rejects.map(({ problem }) => problem.code)).toEqual(['flatgeobuf-feature-corrupt']);
  });

  it('whose parts lead to one part again and again is rejected before they fill the memory', async () => {
    // 400 kB that would be 10,000 lines of 10,000 vertices, 1.6 GB.
    const xy = Array.from({ length: 20_000 }, (_, index) => index);
    const { sink } = await read(makeFlatGeobuf({ features: [{ raw: { type: 2, xy, copies: 10_000 } }] }));
    expect(sink.rejects.map(({ problem }) => problem)).toEqual([
      {
        code: 'flatgeobuf-feature-corrupt',
        reason: 'The feature is not valid: parts of its geometry share their bytes.',
      },
    ]);
    expect(sink.geometry.memberCount).toBeLessThan(10);
  });
});
