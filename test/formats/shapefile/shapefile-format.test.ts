import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapefile } from '../../../shared/geo/formats/shapefile/shapefile-format.ts';
import { readFeatures } from '../../helpers/read-features.ts';
import { NUMBER, shapefileFiles, shapefileSource, type ShapefileFiles } from '../../helpers/shapefile-source.ts';
import { shapeContent, writeDbf, writeShapefile, type PlainShape } from '../../helpers/write-shapefile.ts';

async function readAll(files: ShapefileFiles, options?: Parameters<typeof readFeatures>[2]) {
  const [read] = await readFeatures(shapefile, shapefileSource(files), options);
  const { layer, sink } = read!;
  return {
    layer,
    ...{ features: sink.features, rejects: sink.rejects, notes: sink.notes.map(({ code }) => code) },
    geometries: sink.features.map(({ geometry }) => geometry),
    numbers: sink.features.map(({ properties }) => properties['number']?.['integer']),
  };
}

const points = (count: number): PlainShape[] =>
  Array.from({ length: count }, (_, index) => ({ type: 1, parts: [[[index, -index]]] }));

const square = (x: number, y: number, size: number): number[][] => [
  [x, y],
  [x, y + size],
  [x + size, y + size],
  [x + size, y],
  [x, y],
];
const hole = (x: number, y: number, size: number): number[][] => square(x, y, size).toReversed();

describe('shapefile', () => {
  describe('reads shapes of type', () => {
    const line = [[1, 2], [3, 4]]; // prettier-ignore
    const high = [[1, 2, 5, 7], [3, 4, 6, 8]]; // prettier-ignore
    const measured = [[1, 2, NaN, 7], [3, 4, NaN, 8]]; // prettier-ignore
    const ring = square(0, 0, 1).map(([x, y]) => [x!, y!, 3, 4]);
    const flatRing = square(0, 0, 1);
    it.each<[string, PlainShape, unknown]>([
      ['Point', { type: 1, parts: [[[1, 2]]] }, { type: 'Point', coordinates: [1, 2] }],
      ['PointZ', { type: 11, parts: [[[1, 2, 3, 4]]] }, { type: 'Point', coordinates: [1, 2, 3, 4] }],
      ['PointZ, no measure', { type: 11, parts: [[[1, 2, 3]]] }, { type: 'Point', coordinates: [1, 2, 3] }],
      [
        'PointZ, cut',
        { type: 11, parts: [[[1, 2, 3]]], withoutMeasures: true },
        { type: 'Point', coordinates: [1, 2, 3] },
      ],
      ['PointM', { type: 21, parts: [[[1, 2, 0, 4]]] }, { type: 'Point', coordinates: [1, 2, NaN, 4] }],
      ['MultiPoint', { type: 8, parts: [line] }, { type: 'MultiPoint', coordinates: line }],
      ['MultiPointZ', { type: 18, parts: [high] }, { type: 'MultiPoint', coordinates: high }],
      ['MultiPointM', { type: 28, parts: [measured] }, { type: 'MultiPoint', coordinates: measured }],
      ['PolyLine', { type: 3, parts: [line] }, { type: 'LineString', coordinates: line }],
      ['PolyLine, two parts', { type: 3, parts: [line, line] }, { type: 'MultiLineString', coordinates: [line, line] }],
      ['PolyLineZ', { type: 13, parts: [high] }, { type: 'LineString', coordinates: high }],
      [
        'PolyLineZ without measures',
        { type: 13, parts: [high], withoutMeasures: true },
        { type: 'LineString', coordinates: high.map((each) => each.slice(0, 3)) },
      ],
      ['PolyLineM', { type: 23, parts: [measured] }, { type: 'LineString', coordinates: measured }],
      ['Polygon', { type: 5, parts: [flatRing] }, { type: 'Polygon', coordinates: [flatRing] }],
      ['PolygonZ', { type: 15, parts: [ring] }, { type: 'Polygon', coordinates: [ring] }],
      ['null', { type: 0 }, null],
      ['PolyLine, no parts', { type: 3, parts: [] }, { type: 'LineString', coordinates: [] }],
    ])('%s', async (_name, shape, expected) => {
      const type = shape.type === 0 ? 1 : shape.type;
      expect((await readAll(shapefileFiles(type, [shape]))).geometries).toEqual([expected]);
    });
  });

  it('makes a MultiPolygon of a multipatch: triangles of strips and fans, outer rings with theirs', async () => {
    const high = (ring: number[][]) => ring.map(([x, y]) => [x!, y!, 9]);
    const corners = [[0, 0, 1], [1, 0, 2], [1, 1, 3], [0, 1, 4]]; // prettier-ignore
    const [a, b, c, d] = corners;
    const parts = [
      corners,
      corners,
      high(square(0, 0, 9)),
      high(hole(1, 1, 2)),
      high(square(20, 0, 1)),
      high(hole(20, 0, 1)),
    ];
    const shape = { type: 31, parts, partTypes: [0, 1, 2, 3, 4, 5], withoutMeasures: true };
    expect((await readAll(shapefileFiles(31, [shape]))).geometries).toEqual([
      {
        type: 'MultiPolygon',
        coordinates: [
          ...[[[a, b, c, a]], [[b, c, d, b]], [[a, b, c, a]], [[a, c, d, a]]],
          [parts[2], parts[3]],
          [parts[4], parts[5]],
        ],
      },
    ]);
  });

  describe('sorts rings into polygons', () => {
    const read = async (...parts: number[][][]) => {
      const { geometries, notes } = await readAll(shapefileFiles(5, [{ type: 5, parts }]));
      return { ...(geometries[0] as { type: string; coordinates: unknown }), notes };
    };

    it('a hole follows the outer ring that it is in, wherever it stands', async () => {
      const island = square(0, 0, 10);
      const other = square(20, 0, 10);
      const lake = hole(2, 2, 3);
      const pond = hole(22, 2, 3);
      expect(await read(pond, island, other, lake)).toEqual({
        type: 'MultiPolygon',
        coordinates: [
          [island, lake],
          [other, pond],
        ],
        notes: [],
      });
    });

    it('an island in a lake is a polygon of its own', async () => {
      const rings = [square(0, 0, 10), hole(1, 1, 8), square(2, 2, 6), hole(3, 3, 2)];
      expect(await read(...rings)).toEqual({
        type: 'MultiPolygon',
        coordinates: [
          [rings[0], rings[1]],
          [rings[2], rings[3]],
        ],
        notes: [],
      });
    });

    it('a hole that shares vertices with its outer ring is in it', async () => {
      const outer = square(0, 0, 10);
      const atCorners = [
        [[0, 0], [5, 2], [2, 5], [0, 0]],
        [[10, 10], [5, 8], [8, 5], [10, 10]],
      ]; // prettier-ignore
      for (const inner of atCorners) {
        expect(await read(outer, inner)).toMatchObject({ type: 'Polygon', coordinates: [outer, inner], notes: [] });
      }
    });

    it('a ring that is another again is beside it, and within it when it is wound the other way', async () => {
      const [ring, reverse] = [square(0, 0, 9), hole(0, 0, 9)];
      expect(await read(ring, ring)).toMatchObject({ type: 'MultiPolygon', coordinates: [[ring], [ring]] });
      expect(await read(ring, reverse)).toMatchObject({ type: 'Polygon', coordinates: [ring, reverse] });
    });

    it('rings beside each other are polygons, within the box of another or not', async () => {
      const bay = [[0, 0], [0, 10], [10, 10], [10, 9], [1, 9], [1, 0], [0, 0]]; // prettier-ignore
      const island = square(5, 2, 3);
      expect(await read(bay, island)).toMatchObject({
        type: 'MultiPolygon',
        coordinates: [[bay], [island]],
        notes: [],
      });
    });

    it('wrong windings are noted, and what lies within what counts', async () => {
      expect(await read(hole(0, 0, 1))).toMatchObject({ type: 'Polygon', notes: ['shapefile-ring-winding'] });
      const [outer, inner] = [hole(0, 0, 10), square(2, 2, 3)];
      expect(await read(outer, inner)).toEqual({
        type: 'Polygon',
        coordinates: [outer, inner],
        notes: ['shapefile-ring-winding'],
      });
      const [left, right] = [square(0, 0, 10), square(2, 2, 3)];
      expect(await read(left, right)).toEqual({
        type: 'Polygon',
        coordinates: [left, right],
        notes: ['shapefile-ring-winding'],
      });
    });

    it('keeps every ring of any nest of squares once, outer ones with their direct holes', async () => {
      // A nest at each x, of so many squares within each other.
      const nests = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(nests, fc.infiniteStream(fc.nat()), async (depths, order) => {
          const made = depths.flatMap((count, nest) =>
            Array.from({ length: count }, (_, depth) =>
              (depth % 2 === 0 ? square : hole)(100 * nest + depth, depth, 50 - 2 * depth),
            ),
          );
          const shuffled = made
            .map((ring) => ({ ring, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ ring }) => ring);
          const { type, coordinates, notes } = await read(...shuffled);
          expect(notes).toEqual([]);
          const polygons = (type === 'Polygon' ? [coordinates] : coordinates) as number[][][][];
          const expected = depths.flatMap((count, nest) =>
            Array.from({ length: Math.ceil(count / 2) }, (_, pair) =>
              made.filter((ring) => ring[0]![0] === 100 * nest + 2 * pair || ring[0]![0] === 100 * nest + 2 * pair + 1),
            ),
          );
          const sorted = (list: number[][][][]) => list.map((each) => JSON.stringify(each)).sort();
          expect(sorted(polygons)).toEqual(sorted(expected));
        }),
        { numRuns: 200 },
      );
    });

    it('sorts 20,000 holes of one ring, and refuses what would take too long', async () => {
      const holes = Array.from({ length: 20_000 }, (_, index) =>
        hole(3 * (index % 200), 3 * Math.floor(index / 200), 1),
      );
      const lakes = await read(square(-1, -1, 1000), ...holes);
      expect(lakes.type).toBe('Polygon');
      expect(lakes.coordinates).toHaveLength(20_001);
      const nested = Array.from({ length: 15_000 }, (_, index) => square(index, index, 40_000 - 2 * index));
      const { rejects } = await readAll(shapefileFiles(5, [{ type: 5, parts: nested }]));
      expect(rejects.map(({ problem }) => problem.code)).toEqual(['shapefile-too-many-rings']);
    });
  });

  describe('finds records', () => {
    const files = shapefileFiles(1, points(500));
    const expected = Array.from({ length: 500 }, (_, index) => index);

    it.each([1, 1000, 5000, 10_000_000])('in blocks of about %d bytes, each once', async (blockBytes) => {
      const { layer, numbers, features } = await readAll(files, { blockBytes });
      expect(layer.blocks).toBe(
        blockBytes === 1 ? 500 : Math.ceil((500 * (28 + 10)) / (Math.ceil(blockBytes / 38) * 38)),
      );
      expect(numbers).toEqual(expected);
      expect(features.map(({ place }) => place)).toEqual(
        expected.map((number) => ({ number, offset: 100 + 28 * number })),
      );
    });

    it.each<[string, Uint8Array | undefined, string]>([
      ['without .shx', undefined, 'has no .shx'],
      ['with an empty .shx', new Uint8Array(0), 'does not fit'],
      ['with a .shx of another file', writeShapefile(3, [{ type: 3, parts: [[[1, 2], [3, 4]]] }]).shx, 'does not fit'], // prettier-ignore
      ['with a .shx cut off', files.shx.subarray(0, 300), 'does not fit'],
      ['with a .shx that lacks records', writeShapefile(1, points(499)).shx, 'the .shp has more records'],
      ['with a .shx that claims more', writeShapefile(1, points(501)).shx, 'does not fit'],
      ['with entries that all lead to one record', sameEntry(files.shx), 'does not fit'],
      ['with an entry that leads out of the file', farEntry(files.shx), 'does not fit'],
    ])('%s by going from one to the next', async (_name, shx, note) => {
      const { layer, numbers } = await readAll({ ...files, shx }, { blockBytes: 3000 });
      expect(numbers).toEqual(expected);
      expect(layer.notes).toContainEqual(expect.stringContaining(note));
      expect(layer.blocks).toBeGreaterThan(1);
    });

    it('by .shx where it has gaps, or another order than .shp', async () => {
      const gap = Buffer.alloc(200, 0xff);
      const shp = Buffer.concat([files.shp.subarray(0, 100), gap, files.shp.subarray(100)]);
      const shx = Buffer.from(files.shx);
      for (let number = 0; number < 500; number++) {
        const offset = 300 + 28 * (499 - number);
        shx.writeInt32BE(offset / 2, 100 + 8 * number);
        shp.writeInt32BE(number + 1, offset);
      }
      const { numbers, geometries, layer } = await readAll({ ...files, shp, shx }, { blockBytes: 4000 });
      expect(layer.notes ?? []).toEqual([expect.stringContaining('encoding')]);
      expect(numbers).toEqual(expected);
      expect(geometries[0]).toEqual({ type: 'Point', coordinates: [499, -499] });
    });

    it.each(['with', 'without'])('that begin in one read and end in the next, %s a .shx', async (shx) => {
      const long = shapefileFiles(1, points(12_000));
      const { numbers, geometries } = await readAll(shx === 'with' ? long : { ...long, shx: undefined }, {
        blockBytes: 150_000,
      });
      expect(numbers).toEqual(Array.from({ length: 12_000 }, (_, index) => index));
      expect(geometries).toEqual(points(12_000).map(({ parts }) => ({ type: 'Point', coordinates: parts![0]![0] })));
    });

    it('up to the end that .shp states, and notes what stands behind it', async () => {
      const shp = Buffer.concat([files.shp, Buffer.alloc(1000, 1)]);
      const { numbers, rejects, layer } = await readAll({ ...files, shp, shx: undefined });
      expect(numbers).toEqual(expected);
      expect(rejects).toEqual([]);
      expect(layer.notes).toContain('The .shp has 1000 bytes behind its end, which were not read.');
    });

    it('that .shx has no place for as null', async () => {
      const shx = Buffer.from(files.shx);
      shx.fill(0, 100 + 8 * 499, 100 + 8 * 500);
      const shp = files.shp.subarray(0, files.shp.length - 28);
      const { geometries } = await readAll({ ...files, shp, shx });
      expect(geometries).toHaveLength(500);
      expect(geometries[499]).toBeNull();
    });

    it('reads them in few reads, and of a block no more than its own bytes', async () => {
      const many = shapefileFiles(1, points(100_000));
      const source = shapefileSource(many);
      const [read] = await readFeatures(shapefile, source, { blockBytes: 10_000_000 });
      expect(read!.sink.features).toHaveLength(100_000);
      // 2.8 MB of shapes: its header, samples of its records, the block at once.
      expect(source.readers.get('shp')!.reads.length).toBeLessThanOrEqual(22);
      expect(source.readers.get('dbf')!.reads.length).toBeLessThanOrEqual(4);
    });
  });

  describe('of a record that is bad', () => {
    const shapes = points(5);
    const files = shapefileFiles(1, shapes);
    const withRecord = (number: number, content: Buffer) => {
      const contents = shapes.map(shapeContent).with(number, content);
      const { shp, shx } = writeShapefile(1, shapes);
      let offset = 100;
      const records = contents.map((each, index) => {
        const head = Buffer.alloc(8);
        head.writeInt32BE(index + 1);
        head.writeInt32BE(each.length / 2, 4);
        shx.writeInt32BE(offset / 2, 100 + 8 * index);
        shx.writeInt32BE(each.length / 2, 104 + 8 * index);
        offset += 8 + each.length;
        return Buffer.concat([head, each]);
      });
      return { shp: Buffer.concat([shp.subarray(0, 100), ...records]), shx };
    };
    const line = shapeContent({ type: 3, parts: [[[1, 2], [3, 4]]] }); // prettier-ignore
    const changed = (at: number, value: number) => {
      const bytes = Buffer.from(line);
      bytes.writeInt32LE(value, at);
      return bytes;
    };

    const withParts = (...firstPoints: number[]) => {
      const shape = { type: 3, parts: [[[1, 2]], [[3, 4]], [[5, 6]]] };
      const bytes = shapeContent(shape);
      firstPoints.forEach((first, part) => bytes.writeInt32LE(first, 44 + 4 * part));
      return bytes;
    };

    it.each<[string, Buffer, string]>([
      ['of an unknown type', changed(0, 99), 'shapefile-shape-unknown'],
      ['with a negative number of parts', changed(36, -1), 'shapefile-shape-invalid'],
      ['with a negative number of points', changed(40, -1), 'shapefile-shape-invalid'],
      ['with 2 × 10⁹ points', changed(40, 2 ** 31 - 1), 'shapefile-record-truncated'],
      ['with 2 × 10⁹ parts', changed(36, 2 ** 31 - 1), 'shapefile-record-truncated'],
      ['whose part begins behind its points', changed(44, 3), 'shapefile-shape-invalid'],
      ['whose parts do not ascend', withParts(0, 2, 1), 'shapefile-shape-invalid'],
      ['whose first part is not at its first point', withParts(1, 1, 2), 'shapefile-shape-invalid'],
      ['whose points belong to no part', changed(36, 0), 'shapefile-shape-invalid'],
      ['that is cut off', Buffer.from(line.subarray(0, 60)), 'shapefile-record-truncated'],
      [
        'of a point of 10 bytes',
        Buffer.concat([Buffer.of(1, 0, 0, 0), Buffer.alloc(10)]),
        'shapefile-record-truncated',
      ],
    ])('%s says why and what its row was, and reads the next', async (_name, content, code) => {
      for (const shx of [withRecord(2, content).shx, undefined]) {
        const { numbers, rejects } = await readAll({ ...files, ...withRecord(2, content), shx });
        expect(rejects).toEqual([
          {
            place: { number: 2, offset: 156 },
            problem: { code, reason: expect.any(String) as string },
            source: { properties: { number: 2 } },
          },
        ]);
        expect(numbers).toEqual([0, 1, 3, 4]);
      }
    });

    it('out of step with .shx says so, and reads the next', async () => {
      const many = shapefileFiles(1, points(200));
      many.shp.writeInt32BE(12, 100 + 28 * 100 + 4);
      const { numbers, rejects } = await readAll(many);
      expect(rejects).toMatchObject([{ problem: { code: 'shapefile-record-out-of-step' }, place: { number: 100 } }]);
      expect(numbers).toHaveLength(199);
    });

    it('without a .shx and with a length that leads astray rejects it, and every row behind it', async () => {
      const shp = Buffer.from(files.shp);
      shp.writeInt32BE(2 ** 30, 100 + 28 * 2 + 4);
      const { numbers, rejects } = await readAll({ ...files, shp, shx: undefined });
      expect(numbers).toEqual([0, 1]);
      expect(rejects.map(({ problem, source }) => [problem.code, source])).toEqual([
        ['shapefile-record-truncated', { properties: { number: 2 } }],
        ['shapefile-shape-missing', { properties: { number: 3 } }],
        ['shapefile-shape-missing', { properties: { number: 4 } }],
      ]);
    });
  });

  it('rejects rows of a .dbf that is longer than the .shp, in blocks of their own', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => [String(index)]);
    const { layer, numbers, rejects } = await readAll(
      { ...shapefileFiles(1, points(3)), dbf: writeDbf([NUMBER], rows) },
      { blockBytes: 100 },
    );
    expect(layer.features).toBe(50);
    expect(numbers).toEqual([0, 1, 2]);
    expect(rejects).toHaveLength(47);
    expect(rejects[0]).toMatchObject({
      place: { number: 3 },
      problem: { code: 'shapefile-shape-missing' },
      source: { properties: { number: 3 } },
    });
  });

  it('gives records without a row no properties, and notes it', async () => {
    const { layer, numbers, notes } = await readAll({
      ...shapefileFiles(1, points(3)),
      dbf: writeDbf([NUMBER], [['7']]),
    });
    expect(numbers).toEqual([7, undefined, undefined]);
    expect(notes).toEqual(['shapefile-row-missing', 'shapefile-row-missing']);
    expect(layer.notes).toContain('The .dbf has 1 rows, and the .shp 3 records.');
  });

  it('leaves out what is marked as deleted, and notes it', async () => {
    const dbf = writeDbf([NUMBER], [['0'], ['1'], ['2']], { deleted: [1] });
    const { numbers, notes } = await readAll({ ...shapefileFiles(1, points(3)), dbf });
    expect(numbers).toEqual([0, 2]);
    expect(notes).toEqual(['shapefile-row-deleted']);
  });

  it('reads shapes without a .dbf, and notes it', async () => {
    const { layer, geometries } = await readAll({ ...shapefileFiles(1, points(2)), dbf: undefined });
    expect(geometries).toHaveLength(2);
    expect(layer.fields).toEqual([]);
    expect(layer.notes).toEqual(['The shapefile has no .dbf: its features have no properties.']);
  });

  it('takes the CRS from .prj, and none without it', async () => {
    const files = shapefileFiles(1, points(1));
    const prj = Buffer.from('\ufeffGEOGCS["GCS_WGS_1984"]\n');
    expect((await readAll({ ...files, prj })).layer.crs).toEqual({ kind: 'wkt', text: 'GEOGCS["GCS_WGS_1984"]' });
    expect((await readAll({ ...files, prj: new Uint8Array(0) })).layer.crs).toBeUndefined();
    expect((await readAll(files)).layer.crs).toBeUndefined();
  });

  it('notes a record whose shape is of another type than the file says', async () => {
    const { geometries, notes } = await readAll(shapefileFiles(3, points(1)));
    expect(geometries).toEqual([{ type: 'Point', coordinates: [0, -0] }]);
    expect(notes).toEqual(['shapefile-type-differs']);
  });
});

/** The last entry of the index leads elsewhere. */
function farEntry(shx: Buffer): Buffer {
  const bytes = Buffer.from(shx);
  bytes.writeUInt32BE(2 ** 30, bytes.length - 8);
  return bytes;
}

/** Every entry of the index as the first one. */
function sameEntry(shx: Buffer): Buffer {
  const bytes = Buffer.from(shx);
  for (let at = 108; at < bytes.length; at += 8) bytes.copy(bytes, at, 100, 108);
  return bytes;
}
