import { describe, expect, it } from 'vitest';
import { FeatureBlockWriter } from '../../../../shared/geo/features/feature-block-writer.ts';
import { GEOMETRY_TYPES } from '../../../../shared/geo/features/geometry.ts';
import { DEGREES_DOMAIN } from '../../../../shared/geo/features/hilbert-keys.ts';
import { openFeatureBlock, readRejects } from '../../../../shared/geo/features/open-feature-block.ts';
import { addFeature, type TestFeature } from '../../../helpers/features/test-feature.ts';
import { memoryBlock } from '../../../helpers/features/write-dataset.ts';

const point: TestFeature = {
  geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [1, 2] },
  properties: {},
};

async function rejectsOf(writer: FeatureBlockWriter): Promise<unknown[]> {
  const block = await openFeatureBlock(memoryBlock(writer.finish()));
  const text = Buffer.from(await readRejects(block)).toString('utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

describe('FeatureBlockWriter', () => {
  it('lays a point out as records are told to be', () => {
    const writer = new FeatureBlockWriter({ minX: 0, minY: 0, maxX: 2 ** 26, maxY: 2 ** 26 });
    writer.geometry.begin(GEOMETRY_TYPES.point);
    writer.geometry.addVertex(1, 0);
    writer.row.integer(writer.field('n'), -2);
    writer.add({ offset: 0, number: 7 });
    const block = writer.finish();
    const record = block.subarray(block.length - 64);
    const view = new DataView(record.buffer, record.byteOffset);
    // Key of the cell (1, 0), number, bytes of the record, of the geometry and of the properties, flags.
    expect([view.getFloat64(0, true), view.getFloat64(8, true)]).toEqual([1, 7]);
    expect([16, 20, 24, 28].map((offset) => view.getUint32(offset, true))).toEqual([64, 24, 7, 0]);
    // Type and flags, vertices, x and y.
    expect([view.getUint32(32, true), view.getUint32(36, true)]).toEqual([1, 1]);
    expect([view.getFloat64(40, true), view.getFloat64(48, true)]).toEqual([1, 0]);
    // Field 0, tag 3, the integer, and a byte that fills the record up.
    expect([...record.subarray(56)]).toEqual([0, 0, 3, 0xfe, 0xff, 0xff, 0xff, 0]);
  });

  it('takes twice the room of its block at most, beside a page', () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    const before = process.memoryUsage().arrayBuffers;
    for (let number = 0; number < 40_000; number++) addFeature(writer, point);
    const block = writer.finish();
    const page = 8 * 2 ** 20;
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * block.length + page);
  });

  it('makes the same block whatever was written before it into the same pages', () => {
    const write = (text: string, points: number): Uint8Array => {
      const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
      for (let number = 0; number < points; number++) {
        const value = text.repeat(1 + (number % 7));
        addFeature(writer, { ...point, properties: { text: { kind: 'text', value } } });
      }
      return writer.finish();
    };
    // Pages that are used again are of 4 MiB, after 4 MiB of smaller ones.
    const block = write('a', 150_000);
    expect(block.length).toBeGreaterThan(9 * 2 ** 20);
    write('another', 150_000);
    expect(Buffer.compare(write('a', 150_000), block)).toBe(0);
  });

  it('leaves pages alone that it has given back', () => {
    const fill = (writer: FeatureBlockWriter, value: string, features = 40_000): FeatureBlockWriter => {
      for (let number = 0; number < features; number++) {
        addFeature(writer, { ...point, properties: { text: { kind: 'text', value: value.repeat(40) } } });
      }
      return writer;
    };
    const expected = fill(new FeatureBlockWriter(DEGREES_DOMAIN), 'a').finish();
    const used = fill(new FeatureBlockWriter(DEGREES_DOMAIN), 'b', 20_000);
    used.finish();
    const next = fill(new FeatureBlockWriter(DEGREES_DOMAIN), 'a');
    fill(used, 'b');
    expect(Buffer.compare(next.finish(), expected)).toBe(0);
  });

  it('tells rejects with their place, code, reason and feature', async () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    addFeature(writer, point);
    writer.reject({ offset: 12 }, { code: 'ring-open', reason: 'The ring is open.' }, { text: '{"a":1}' });
    writer.reject({ offset: 30, number: 9 }, { code: 'wkb', reason: 'No.' }, { bytes: Uint8Array.of(1, 2) });
    writer.reject({ offset: 40 }, { code: 'x', reason: 'y' }, { properties: { big: 5n, deep: { a: [1] } } });
    expect(await rejectsOf(writer)).toEqual([
      { number: 1, byteOffset: 12, code: 'ring-open', reason: 'The ring is open.', feature: '{"a":1}' },
      { number: 9, byteOffset: 30, code: 'wkb', reason: 'No.', feature: 'AQI=', encoding: 'base64' },
      { number: 3, byteOffset: 40, code: 'x', reason: 'y', feature: { big: '5', deep: { a: [1] } } },
    ]);
  });

  it('drops what a rejected feature had', async () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    writer.row.integer(writer.field('n'), 1);
    writer.reject({ offset: 0 }, { code: 'x', reason: 'y' }, { text: '' });
    addFeature(writer, point);
    const { summary } = await openFeatureBlock(memoryBlock(writer.finish()));
    expect(summary.fields[0]!.statistics.counts.every((count) => count === 0)).toBe(true);
    expect([summary.features, summary.rejected]).toEqual([1, 1]);
  });

  it.each([NaN, Infinity, -Infinity])('rejects a coordinate of %d', async (value) => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    writer.row.text(writer.field('name'), 'Oslo');
    writer.geometry.begin(GEOMETRY_TYPES.point);
    writer.geometry.addVertex(0, value);
    writer.add({ offset: 5 });
    expect(await rejectsOf(writer)).toMatchObject([
      { number: 0, byteOffset: 5, code: 'coordinates-not-finite', feature: { name: 'Oslo' } },
    ]);
  });

  it('rejects collections that are nested too deeply', async () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    writer.geometry.begin(GEOMETRY_TYPES.geometryCollection);
    let member = writer.geometry;
    for (let depth = 0; depth < 20; depth++) member = member.addMember(GEOMETRY_TYPES.geometryCollection);
    writer.add({ offset: 0 });
    expect(await rejectsOf(writer)).toMatchObject([{ code: 'geometry-too-deep' }]);
  });

  it('rejects a feature whose properties are too large, and goes on', async () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    writer.row.text(writer.field('long'), 'x'.repeat(65 * 2 ** 20));
    writer.geometry.begin(GEOMETRY_TYPES.none);
    writer.add({ offset: 0 });
    addFeature(writer, point);
    expect(writer.features).toBe(1);
    expect(await rejectsOf(writer)).toMatchObject([{ code: 'feature-too-large' }]);
  });

  it('keeps the last value of a field that comes twice, and notes it', async () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    const [a, b] = [writer.field('a'), writer.field('b')];
    writer.row.text(a, 'first');
    writer.row.integer(b, 1);
    writer.row.text(a, 'second');
    writer.row.integer(b, 2);
    expect(writer.row.repeated).toBe(2);
    // A field in two bytes, tag, length and «second»; then field, tag and integer.
    expect([...writer.row.bytes.subarray(0, writer.row.length)]).toEqual([
      ...[0, 0, 1, 6, 0, 0, 0, ...Buffer.from('second')],
      ...[1, 0, 3, 2, 0, 0, 0],
    ]);
    writer.geometry.begin(GEOMETRY_TYPES.none);
    writer.add({ offset: 0 });
    const { summary } = await openFeatureBlock(memoryBlock(writer.finish()));
    expect(summary.notes).toMatchObject([{ code: 'property-repeated', count: 2 }]);
    expect(summary.fields.map(({ statistics }) => statistics.counts.reduce((sum, count) => sum + count))).toEqual([
      1, 1,
    ]);
  });

  it('counts notes by code, and bounds their number', async () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    for (let code = 0; code < 300; code++) writer.note({ code: `code-${code}`, reason: 'r' });
    writer.note({ code: 'code-0', reason: 'another' });
    const { summary } = await openFeatureBlock(memoryBlock(writer.finish()));
    expect(summary.notes).toHaveLength(257);
    expect(summary.notes[0]).toEqual({ code: 'code-0', reason: 'r', count: 2 });
    expect(summary.notes.at(-1)).toMatchObject({ code: 'other', count: 44 });
  });

  it('refuses more fields than there may be', () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    for (let field = 0; field < 4096; field++) writer.field(`f${field}`);
    expect(() => writer.field('one more')).toThrow(expect.objectContaining({ code: 'feature-fields-too-many' }));
  });
});
