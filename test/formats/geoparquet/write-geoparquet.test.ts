import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { createGeoParquetWriter } from '../../../shared/geo/formats/geoparquet/write-geoparquet.ts';
import { arbitraryFeature } from '../../helpers/features/arbitrary-feature.ts';
import { comparable } from '../../helpers/features/comparable.ts';
import { dimensionsOf, withDimensions, type TestFeature, type TestValue } from '../../helpers/features/test-feature.ts';
import { inBlocks, makeBlock, writeDataset } from '../../helpers/features/write-dataset.ts';

const point = (x: number, y: number, properties: TestFeature['properties'] = {}): TestFeature => ({
  geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [x, y] },
  properties,
});

function fileOf(bytes: Uint8Array): { buffer: ArrayBuffer; metadata: FileMetaData } {
  const buffer = new Uint8Array(bytes).buffer;
  return { buffer, metadata: parquetMetadata(buffer) };
}

/** Rows by hyparquet; dates and times as the numbers that are stored. */
async function readRows(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  const { buffer } = fileOf(bytes);
  return parquetReadObjects({
    file: buffer,
    utf8: false,
    compressors: { ZSTD: (input) => zstdDecompressSync(input) },
    parsers: {
      dateFromDays: (days) => days,
      timestampFromMilliseconds: (value) => value,
      timestampFromMicroseconds: (value) => value,
      timestampFromNanoseconds: (value) => value,
    },
  });
}

function expectedValue({ kind, value }: TestValue): unknown {
  if (kind === 'lexical') return Number(value);
  if (kind === 'date') return new Date(`${value}T00:00:00Z`).getTime() / 86_400_000;
  if (kind === 'dateTime') return BigInt(new Date(value).getTime());
  if (kind === 'json') return new Uint8Array(Buffer.from(value));
  return value;
}

describe('createGeoParquetWriter', () => {
  it('writes features that hyparquet finds again, whatever blocks they came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryFeature, { maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        async (features, size) => {
          const { bytes, summary } = await writeDataset(inBlocks(features, size), createGeoParquetWriter);
          const rows = await readRows(bytes);
          const found = rows.map(({ geometry, bbox, ...properties }) => ({
            geometry: geometry ?? null,
            box: bbox ?? null,
            properties: Object.entries(properties)
              .filter(([, value]) => value !== null && value !== undefined)
              .map(([name, value]) => [name, name === 'big' ? BigInt(value as number) : value] as const),
          }));
          const expected = features.map(({ geometry, properties }) => ({
            geometry: geometry === null ? null : inWkb(geometry),
            box: boxOf(geometry),
            properties: Object.entries(properties).map(([name, value]) => [name, expectedValue(value)] as const),
          }));
          expect(comparable(found)).toEqual(comparable(expected));
          expect(summary).toMatchObject({ bytes: bytes.length, features: features.length, notes: [] });
        },
      ),
    );
  });

  it('gives the same bytes for the same features, whatever blocks they came in', async () => {
    const features = Array.from({ length: 200 }, (_, number) =>
      point(((number * 37) % 360) - 180, (number % 180) - 90),
    );
    const [whole, pieces] = await Promise.all(
      [200, 7].map((size) => writeDataset(inBlocks(features, size), createGeoParquetWriter)),
    );
    expect(Buffer.compare(whole!.bytes, pieces!.bytes)).toBe(0);
  });

  it('tells types, extent and covering in the metadata, and no CRS for longitude and latitude', async () => {
    const high: TestFeature = {
      geometry: { type: 'Point', hasZ: true, hasM: false, coordinates: [5, 6, 7] },
      properties: {},
    };
    const { bytes } = await writeDataset([makeBlock([point(1, 2), high])], createGeoParquetWriter);
    const { metadata } = fileOf(bytes);
    const geo = metadata.key_value_metadata!.find(({ key }) => key === 'geo')!;
    expect(JSON.parse(geo.value!)).toEqual({
      version: '1.1.0',
      primary_column: 'geometry',
      columns: {
        geometry: {
          encoding: 'WKB',
          geometry_types: ['Point', 'Point Z'],
          bbox: [1, 2, 7, 5, 6, 7],
          covering: {
            bbox: { xmin: ['bbox', 'xmin'], ymin: ['bbox', 'ymin'], xmax: ['bbox', 'xmax'], ymax: ['bbox', 'ymax'] },
          },
        },
      },
    });
  });

  it('tells another CRS in PROJJSON, and refuses one without', async () => {
    const blocks = [makeBlock([point(1, 2)])];
    const projjson = { type: 'ProjectedCRS', name: 'ETRS89 / UTM zone 32N' };
    const crs = { authority: 'EPSG' as const, code: '25832', name: 'ETRS89 / UTM zone 32N' };
    const { bytes } = await writeDataset(blocks, createGeoParquetWriter, { crs: { ...crs, projjson } });
    const geo = JSON.parse(fileOf(bytes).metadata.key_value_metadata![0]!.value!) as { columns: { geometry: object } };
    expect(geo.columns.geometry).toMatchObject({ crs: projjson });
    await expect(writeDataset(blocks, createGeoParquetWriter, { crs })).rejects.toMatchObject({
      code: 'geoparquet-needs-projjson',
    });
  });

  it('cuts row groups along the curve, so that their boxes tell them apart', async () => {
    const features = Array.from({ length: 70_000 }, (_, number) =>
      point(((number * 7919) % 3600) / 10 - 180, ((number * 104_729) % 1800) / 10 - 90),
    );
    const { bytes } = await writeDataset(inBlocks(features, 20_000), createGeoParquetWriter);
    const { row_groups: groups } = fileOf(bytes).metadata;
    expect(groups.map(({ num_rows: rows }) => Number(rows))).toEqual([32_768, 32_768, 4464]);
    const range = (group: number, name: string) => {
      const column = groups[group]!.columns.find(
        ({ meta_data: data }) => data!.path_in_schema.join('.') === `bbox.${name}`,
      )!;
      const { min_value: min, max_value: max } = column.meta_data!.statistics!;
      return [min as number, max as number] as const;
    };
    // The curve begins in the west and ends in the east: the last group lies in the east only.
    expect(range(2, 'xmin')[0]).toBeGreaterThan(0);
    expect(groups[0]!.columns[0]!.meta_data!.codec).toBe('ZSTD');
  });

  it.each([
    ['2026-11-26T10:00:00Z', 'MILLIS', true, 1_795_687_200_000n],
    ['2026-11-26T10:00:00.5', 'MILLIS', false, 1_795_687_200_500n],
    ['2026-11-26T12:00:00.000001+02:00', 'MICROS', true, 1_795_687_200_000_001n],
    ['2026-11-26T10:00:00.000000001Z', 'NANOS', true, 1_795_687_200_000_000_001n],
  ])('stores %s in %s', async (value, unit, isAdjustedToUTC, stored) => {
    const { bytes } = await writeDataset(
      [makeBlock([point(0, 0, { at: { kind: 'dateTime', value } })])],
      createGeoParquetWriter,
    );
    const element = fileOf(bytes).metadata.schema.find(({ name }) => name === 'at')!;
    expect(element.logical_type).toEqual({ type: 'TIMESTAMP', unit, isAdjustedToUTC });
    expect((await readRows(bytes))[0]!['at']).toBe(stored);
  });

  it('keeps times that nanoseconds do not span as texts, and says so', async () => {
    const value = '1500-01-01T00:00:00.000000001Z';
    const { bytes, summary } = await writeDataset(
      [makeBlock([point(0, 0, { at: { kind: 'dateTime', value } })])],
      createGeoParquetWriter,
    );
    expect((await readRows(bytes))[0]!['at']).toBe(value);
    expect(summary.notes).toMatchObject([{ code: 'date-time-as-text' }]);
  });
});

function inWkb(geometry: NonNullable<TestFeature['geometry']>): unknown {
  const { hasZ, hasM } = dimensionsOf(geometry);
  const converted = withDimensions(geometry, hasZ, hasM) as { type: string; coordinates?: unknown[] };
  return converted;
}

function boxOf(geometry: TestFeature['geometry']): unknown {
  const positions: number[][] = [];
  const collect = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') positions.push(part as number[]);
    else for (const inner of part) collect(inner);
  };
  const walk = (part: NonNullable<TestFeature['geometry']>): void => {
    if (part.type === 'GeometryCollection') part.geometries.forEach(walk);
    else collect(part.coordinates);
  };
  if (geometry !== null) walk(geometry);
  if (positions.length === 0) return null;
  const [xs, ys] = [positions.map(([x]) => x!), positions.map(([, y]) => y!)];
  return { xmin: Math.min(...xs), ymin: Math.min(...ys), xmax: Math.max(...xs), ymax: Math.max(...ys) };
}
