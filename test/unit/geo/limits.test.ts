import { describe, expect, it } from 'vitest';
import { checkDirectories, MAX_TAG_BYTES } from '../../../shared/geo/tiff/check-directories.ts';
import { createPagedReader } from '../../../shared/geo/tiff/paged-reader.ts';
import { areaFromBbox } from '../../../shared/geo/tiles/area-from-bbox.ts';
import { areaFromGeoJson, type GeoJsonArea } from '../../../shared/geo/tiles/area-from-geo-json.ts';
import { areaBounds } from '../../../shared/geo/tiles/area.ts';
import { checkZoomRange } from '../../../shared/geo/tiles/zoom-range.ts';
import { HALF_WORLD } from '../../../shared/geo/tiles/web-mercator-quad.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';

const refusal = (action: () => unknown): { code?: string; detail?: string; field?: string } => {
  try {
    action();
  } catch (error) {
    return error as object;
  }
  return {};
};

describe('a range of zooms', () => {
  const fields = { minzoom: '/minzoom', maxzoom: '/maxzoom' };
  const refused = (minzoom: number, maxzoom: number) => {
    const { code, field } = refusal(() => checkZoomRange(minzoom, maxzoom, fields));
    return [code, field];
  };

  it('is of whole numbers from 0 to 24, the lower one first', () => {
    expect(refused(0, 24)).toEqual([undefined, undefined]);
    expect(refused(7, 7)).toEqual([undefined, undefined]);
    expect(refused(-1, 5)).toEqual(['zoom-out-of-range', '/minzoom']);
    expect(refused(0.5, 5)).toEqual(['zoom-out-of-range', '/minzoom']);
    expect(refused(25, 25)).toEqual(['zoom-out-of-range', '/minzoom']);
    expect(refused(0, 25)).toEqual(['zoom-out-of-range', '/maxzoom']);
    expect(refused(0, -1)).toEqual(['zoom-out-of-range', '/maxzoom']);
    expect(refused(0, Number.NaN)).toEqual(['zoom-out-of-range', '/maxzoom']);
    expect(refused(6, 5)).toEqual(['minzoom-above-maxzoom', '/minzoom']);
  });

  it('needs no names of its fields', () => {
    expect(refusal(() => checkZoomRange(-1, 5))).toMatchObject({ code: 'zoom-out-of-range', field: undefined });
  });
});

describe('a bbox', () => {
  it('may reach every edge of the world', () => {
    expect(areaBounds(areaFromBbox(-180, -90, 180, 90))).toEqual([-HALF_WORLD, -HALF_WORLD, HALF_WORLD, HALF_WORLD]);
  });

  const leaves = 'leaves ±180 degrees of longitude or ±90 degrees of latitude.';
  it.each([
    [[-180.1, 0, 1, 1], 'area-invalid', leaves],
    [[0, -90.1, 1, 1], 'area-invalid', leaves],
    [[0, 0, 180.1, 1], 'area-invalid', leaves],
    [[0, 0, 1, 90.1], 'area-invalid', leaves],
    [[0, 0, Number.NaN, 1], 'area-invalid', 'holds a value that is not a number.'],
    [[0, 0, 1, -Infinity], 'area-invalid', 'holds a value that is not a number.'],
    [[0, 2, 1, 1], 'area-invalid', 'has its south above its north.'],
    [[0, 1, 1, 1], 'area-empty', 'has no surface.'],
    [[1, 0, 1, 1], 'area-empty', 'has no surface.'],
  ] as const)('%j is refused: %s', (bbox, code, why) => {
    const [west, south, east, north] = bbox;
    expect(refusal(() => areaFromBbox(west, south, east, north, '/bbox'))).toMatchObject({
      code,
      detail: `The bbox [${bbox.join(', ')}] ${why}`,
      field: '/bbox',
    });
  });
});

describe('a GeoJSON area', () => {
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const polygon = (...rings: unknown[]) => ({ type: 'Polygon', coordinates: rings });
  const refused = (geometry: unknown, field?: string) => refusal(() => areaFromGeoJson(geometry as GeoJsonArea, field));

  it.each([
    [undefined, '/a', 'The area is neither a Polygon nor a MultiPolygon.'],
    [{ type: 'Point', coordinates: [0, 0] }, '/a', 'The area is neither a Polygon nor a MultiPolygon.'],
    [{ type: 'MultiPolygon' }, '/a/coordinates', 'The coordinates are not an array.'],
    [polygon(), '/a/coordinates', 'A polygon is not an array of at least one ring.'],
    [{ type: 'Polygon', coordinates: 7 }, '/a/coordinates', 'A polygon is not an array of at least one ring.'],
    [polygon(ring.slice(1)), '/a/coordinates/0', 'A ring is not an array of at least 4 positions.'],
    [polygon(ring, 7), '/a/coordinates/1', 'A ring is not an array of at least 4 positions.'],
    [
      polygon([...ring.slice(0, 3), [0, 1e-9]]),
      '/a/coordinates/0',
      'A ring is not closed: its last position is not its first.',
    ],
    [
      polygon([...ring.slice(0, 3), [1e-9, 0]]),
      '/a/coordinates/0',
      'A ring is not closed: its last position is not its first.',
    ],
    [
      polygon([[0, 0], 7, [1, 1], [0, 0]]),
      '/a/coordinates/0/1',
      'A position is not an array of a longitude and a latitude.',
    ],
    [
      polygon([[0, 0], [1], [1, 1], [0, 0]]),
      '/a/coordinates/0/1',
      'A position is not an array of a longitude and a latitude.',
    ],
    [
      polygon([
        [0, 0],
        ['1', 0],
        [1, 1],
        [0, 0],
      ]),
      '/a/coordinates/0/1',
      'A position is not an array of a longitude and a latitude.',
    ],
    [
      polygon([
        [0, 0],
        [540.1, 0],
        [1, 1],
        [0, 0],
      ]),
      '/a/coordinates/0/1',
      'The position [540.1, 0] leaves ±540 degrees of longitude or ±90 of latitude.',
    ],
    [
      polygon([
        [0, 0],
        [1, -90.1],
        [1, 1],
        [0, 0],
      ]),
      '/a/coordinates/0/1',
      'The position [1, -90.1] leaves ±540 degrees of longitude or ±90 of latitude.',
    ],
  ])('%j is refused at %s: %s', (geometry, field, detail) => {
    expect(refused(geometry, '/a')).toMatchObject({ code: 'area-invalid', field, detail });
    expect(refused(geometry)).toMatchObject({ code: 'area-invalid', field: undefined, detail });
  });

  it('may reach ±540 degrees and both poles', () => {
    const far = (west: number) => [
      [west, -90],
      [west + 1, -90],
      [west + 1, 90],
      [west, 90],
      [west, -90],
    ];
    for (const west of [-540, 539]) {
      expect(areaBounds(areaFromGeoJson(polygon(far(west)) as GeoJsonArea))[3]).toBeCloseTo(HALF_WORLD, 6);
    }
  });

  it('has at most 100,000 positions in all of its rings', () => {
    const many = (positions: number) => [...Array<number[]>(positions - 3).fill([0, 0]), [1, 0], [1, 1], [0, 0]];
    const two = (positions: number) => ({ type: 'MultiPolygon', coordinates: [[many(50_000)], [many(positions)]] });
    expect(refused(two(50_000), '/a')).toEqual({});
    expect(refused(two(50_001), '/a')).toMatchObject({
      code: 'area-too-complex',
      field: '/a',
      limit: 100_000,
      actual: 100_001,
    });
  });
});

describe('the directories of a TIFF', () => {
  interface Tag {
    id: number;
    type: number;
    count: number;
    /** Offset of the values, or the values themselves. */
    value?: number;
  }
  const WIDTH: Tag = { id: 256, type: 3, count: 1, value: 1 };
  const HEADER_BYTES = { classic: 8, big: 16 };
  const ORDERS = [true, false].flatMap((little) => [true, false].map((big) => ({ little, big })));

  /** A file of one directory behind its header, and so many bytes in all. */
  function file(tags: Tag[], { little = true, big = false, bytes = 4_096, next = 0, first = -1 } = {}): Uint8Array {
    const data = new Uint8Array(bytes);
    const view = new DataView(data.buffer);
    const pointer = (at: number, value: number) =>
      big ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
    const start = first >= 0 ? first : big ? HEADER_BYTES.big : HEADER_BYTES.classic;
    view.setUint16(0, little ? 0x4949 : 0x4d4d);
    view.setUint16(2, big ? 43 : 42, little);
    if (big) view.setUint16(4, 8, little);
    pointer(big ? 8 : 4, start);
    if (start === 0) return data;
    if (big) view.setBigUint64(start, BigInt(tags.length), little);
    else view.setUint16(start, tags.length, little);
    const [count, entry, width] = big ? [8, 20, 8] : [2, 12, 4];
    for (const [index, tag] of tags.entries()) {
      const at = start + count + index * entry;
      view.setUint16(at, tag.id, little);
      view.setUint16(at + 2, tag.type, little);
      pointer(at + 4, tag.count);
      pointer(at + 4 + width, tag.value ?? 0);
    }
    pointer(start + count + tags.length * entry, next);
    return data;
  }
  const check = (data: Uint8Array) => checkDirectories(createPagedReader(memoryReader(data)));
  const corrupt = (why: string) => ({ code: 'raster-header-corrupt', detail: expect.stringContaining(why) as string });

  it.each(ORDERS)('are read in either byte order, of both formats: %j', async (format) => {
    expect(await check(file([WIDTH], format))).toBe(32 * 1_024);
    await expect(check(file([{ ...WIDTH, count: 0 }], format))).rejects.toMatchObject(corrupt('tag 256 has no value'));
    const outside = { id: 33550, type: 12, count: 1_000, value: 100 };
    await expect(check(file([outside], format))).rejects.toMatchObject({
      code: 'raster-truncated',
      detail: 'The file is cut off: tag 33550 would end at byte 8100, and the file has 4096.',
    });
  });

  it('begin with a header that says what it is', async () => {
    const changed = (at: number, value: number, big = false) => {
      const data = file([WIDTH], { big });
      data[at] = value;
      return check(data);
    };
    const notATiff = (why: string) => ({ code: 'not-a-tiff', detail: expect.stringContaining(why) as string });
    await expect(check(new Uint8Array(7))).rejects.toMatchObject(notATiff('it has 7 bytes'));
    await expect(changed(0, 0x4a)).rejects.toMatchObject(notATiff('it does not begin with II or MM'));
    await expect(changed(2, 44)).rejects.toMatchObject(notATiff('its version is 44, neither 42 nor 43'));
    const offsets = corrupt('a BigTIFF header must say that offsets have 8 bytes');
    await expect(changed(4, 4, true)).rejects.toMatchObject(offsets);
    await expect(changed(6, 1, true)).rejects.toMatchObject(offsets);
    await expect(check(file([WIDTH], { big: true }).slice(0, 15))).rejects.toMatchObject(offsets);
    await expect(check(file([], { first: 0 }))).rejects.toMatchObject(corrupt('it has no image directory'));
    await expect(check(file([], { first: 0, bytes: 8 }))).rejects.toMatchObject(corrupt('it has no image directory'));
  });

  it('have 1 to 512 tags', async () => {
    const tags = (count: number) => file(Array<Tag>(count).fill(WIDTH), { bytes: 16_384 });
    await expect(check(tags(512))).resolves.toBeDefined();
    await expect(check(tags(513))).rejects.toMatchObject(
      corrupt('the directory at byte 8 has 513 tags; 1 to 512 are read'),
    );
    await expect(check(tags(0))).rejects.toMatchObject(corrupt('has 0 tags'));
  });

  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 4],
    [5, 8],
    [6, 1],
    [7, 1],
    [8, 2],
    [9, 4],
    [10, 8],
    [11, 4],
    [12, 8],
    [13, 4],
    [16, 8],
  ])('have values of field type %i in %i bytes each', async (type, bytes) => {
    // As many as end with the file, and one more.
    const tag = { id: 33922, type, value: 1_000, count: (4_096 - 1_000) / bytes };
    await expect(check(file([tag]))).resolves.toBeDefined();
    await expect(check(file([{ ...tag, count: tag.count + 1 }]))).rejects.toMatchObject({ code: 'raster-truncated' });
  });

  it.each([0, 14, 15, 17, 18])('have no values of field type %i', async (type) => {
    await expect(check(file([{ ...WIDTH, type }]))).rejects.toMatchObject(
      corrupt(`tag 256 has the field type ${type}, which is not read`),
    );
  });

  it('have values in the tag when they fit, which lie nowhere else', async () => {
    const far = { id: 277, type: 4, value: 2 ** 31 };
    await expect(check(file([{ ...far, count: 1 }]))).resolves.toBeDefined();
    await expect(check(file([{ ...far, count: 2 }]))).rejects.toMatchObject({ code: 'raster-truncated' });
    await expect(check(file([{ ...far, count: 2 }], { big: true }))).resolves.toBeDefined();
    await expect(check(file([{ ...far, count: 3 }], { big: true }))).rejects.toMatchObject({
      code: 'raster-truncated',
    });
  });

  const READ_TAGS = [
    254, 255, 256, 257, 258, 259, 262, 266, 277, 278, 284, 317, 320, 322, 323, 338, 339, 347, 33550, 33922, 34264,
    34735, 34736, 34737, 42113,
  ];

  it.each(READ_TAGS)('have at most 64 KiB of values of tag %i, which is read', async (id) => {
    const tag = { id, type: 7, value: 100, count: MAX_TAG_BYTES };
    await expect(check(file([tag], { bytes: 70_000 }))).resolves.toBeDefined();
    await expect(check(file([{ ...tag, count: MAX_TAG_BYTES + 1 }], { bytes: 70_000 }))).rejects.toMatchObject(
      corrupt(`tag ${id} has 65537 bytes of values; at most 65536 are read`),
    );
  });

  it('may have more values of tags that are not read, and of blocks', async () => {
    for (const [id, type] of [
      [700, 7],
      [273, 4],
      [324, 16],
    ] as const) {
      const tag = { id, type, value: 100, count: 80_000 };
      await expect(check(file([tag], { bytes: 700_000 }))).resolves.toBeDefined();
    }
  });

  it.each([273, 279, 324, 325])('name blocks by tag %i in whole numbers alone', async (id) => {
    for (const type of [3, 4, 16]) {
      await expect(check(file([{ id, type, count: 2, value: 100 }]))).resolves.toBeDefined();
    }
    for (const type of [1, 12]) {
      await expect(check(file([{ id, type, count: 2, value: 100 }]))).rejects.toMatchObject(
        corrupt(`tag ${id} has 2 values of field type ${type}`),
      );
    }
  });

  it('are at most 64, and none comes twice', async () => {
    const chain = (directories: number, last = 0) => {
      const data = new Uint8Array(8 + directories * 18);
      data.set(file([WIDTH], { bytes: 26 }));
      for (let index = 0; index < directories; index++) {
        const at = 8 + index * 18;
        const next = index + 1 < directories ? at + 18 : last;
        data.set(file([WIDTH], { bytes: 26, next }).subarray(8), at);
      }
      return check(data);
    };
    await expect(chain(64)).resolves.toBeDefined();
    await expect(chain(65)).rejects.toMatchObject({ code: 'raster-too-many-ifds', limit: 64 });
    await expect(chain(3, 26)).rejects.toMatchObject({ code: 'raster-ifd-loop' });
  });

  it('are read at once when they begin within what is read first and end behind it', async () => {
    const at = async (first: number, tags = 512) =>
      check(file(Array<Tag>(tags).fill(WIDTH), { bytes: 100_000, first }));
    const end = (first: number) => first + 2 + 512 * 12 + 4;
    expect(await at(100)).toBe(32_768);
    // The parser looks one KiB ahead of a directory.
    expect(await at(32_768 - 1_024)).toBe(end(32_768 - 1_024));
    expect(await at(32_768 - 1_023)).toBe(32_768);
    expect(await at(32_768 - 18 - 1_024, 1)).toBe(32_768);
    expect(await at(50_000)).toBe(32_768);
  });

  it('are read at once whatever the order in which they are chained', async () => {
    const many = Array<Tag>(512).fill(WIDTH);
    const [early, late] = [30_000, 36_000];
    // The later one begins in what is read for the earlier one, and is what the chain begins with.
    const data = file(many, { bytes: 100_000, first: late, next: early });
    data.set(file(many, { bytes: 100_000, first: early }).subarray(early, early + 2 + 300 * 12), early);
    const view = new DataView(data.buffer);
    view.setUint16(early, 300, true);
    view.setUint32(early + 2 + 300 * 12, 0, true);
    expect(early + 2 + 300 * 12 + 4).toBeLessThan(late);
    expect(await check(data)).toBe(early + 2 + 300 * 12 + 4);
  });
});
