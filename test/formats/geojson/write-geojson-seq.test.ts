import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGeoJsonSeqWriter } from '../../../shared/geo/formats/geojson/write-geojson-seq.ts';
import { FEATURE_ID } from '../../../shared/geo/features/feature-sink.ts';
import { arbitraryFeature } from '../../helpers/features/arbitrary-feature.ts';
import { comparable } from '../../helpers/features/comparable.ts';
import { dimensionsOf, withDimensions, type TestFeature, type TestValue } from '../../helpers/features/test-feature.ts';
import { inBlocks, makeBlock, writeDataset } from '../../helpers/features/write-dataset.ts';

const point = (properties: TestFeature['properties']): TestFeature => ({
  geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [1.5, -2] },
  properties,
});
const linesOf = (bytes: Uint8Array) => gunzipSync(bytes).toString('utf8').split('\n').slice(0, -1);

function expectedGeometry(geometry: TestFeature['geometry']): unknown {
  if (geometry === null) return null;
  if (geometry.type === 'GeometryCollection') {
    return { type: geometry.type, geometries: geometry.geometries.map(expectedGeometry) };
  }
  return withDimensions(geometry, geometry.hasZ, false);
}

function expectedValue({ kind, value }: TestValue, isUnsafe: boolean): unknown {
  if (kind === 'bigInteger') return isUnsafe ? value.toString() : Number(value);
  if (kind === 'lexical') return Number(value);
  if (kind === 'json') return JSON.parse(value);
  return kind === 'binary' ? Buffer.from(value).toString('base64') : value;
}

describe('createGeoJsonSeqWriter', () => {
  it('writes a feature a line that JSON.parse finds again, whatever blocks they came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryFeature, { maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        async (features, size) => {
          const { bytes, summary } = await writeDataset(inBlocks(features, size), createGeoJsonSeqWriter);
          const isUnsafe = features.some(
            ({ properties: { big } }) => big?.kind === 'bigInteger' && !Number.isSafeInteger(Number(big.value)),
          );
          const expected = features.map(({ geometry, properties }) => ({
            type: 'Feature',
            properties: Object.fromEntries(
              Object.entries(properties).map(([name, value]) => [name, expectedValue(value, isUnsafe)]),
            ),
            geometry: expectedGeometry(geometry),
          }));
          expect(comparable(linesOf(bytes).map((line) => JSON.parse(line) as unknown))).toEqual(comparable(expected));
          const withM = features.filter(({ geometry }) => dimensionsOf(geometry).hasM).length;
          expect(summary).toEqual({
            bytes: bytes.length,
            features: features.length,
            notes:
              withM === 0 ? [] : [{ code: 'measures-left-out', reason: 'GeoJSON has no place for m.', count: withM }],
          });
        },
      ),
    );
  });

  it('writes the identifier of a feature as its id, not as a property', async () => {
    const { bytes } = await writeDataset(
      [makeBlock([point({ [FEATURE_ID]: { kind: 'text', value: 'a7' }, name: { kind: 'text', value: 'x' } })])],
      createGeoJsonSeqWriter,
    );
    expect(linesOf(bytes)).toEqual([
      '{"type":"Feature","id":"a7","properties":{"name":"x"},"geometry":{"type":"Point","coordinates":[1.5,-2]}}',
    ]);
  });

  it('keeps JSON that has line breaks in one line', async () => {
    const value = '{\r\n  "a": [1,\n 2]\n}';
    const { bytes } = await writeDataset(
      [makeBlock([point({ json: { kind: 'json', value } })])],
      createGeoJsonSeqWriter,
    );
    expect(linesOf(bytes)).toHaveLength(1);
    expect(JSON.parse(linesOf(bytes)[0]!)).toMatchObject({ properties: { json: { a: [1, 2] } } });
  });

  it('writes numbers that JSON does not have as null, and counts them', async () => {
    const { bytes, summary } = await writeDataset(
      [makeBlock([point({ a: { kind: 'double', value: NaN } }), point({ a: { kind: 'double', value: 1 } })])],
      createGeoJsonSeqWriter,
    );
    expect(
      linesOf(bytes)
        .map((line) => (JSON.parse(line) as TestFeature).properties['a'])
        .sort(),
    ).toEqual([1, null]);
    expect(summary.notes).toMatchObject([{ code: 'number-not-finite', count: 1 }]);
  });

  it('writes integers of a column as texts when one of them is beyond 53 bits', async () => {
    const big = (value: bigint) => point({ big: { kind: 'bigInteger', value } });
    const { bytes } = await writeDataset([makeBlock([big(5n), big(2n ** 53n + 1n)])], createGeoJsonSeqWriter);
    const values = linesOf(bytes).map((line) => (JSON.parse(line) as TestFeature).properties['big']);
    expect(values.sort()).toEqual(['5', '9007199254740993']);
  });

  it('is made of several gzip members once it is longer', async () => {
    const features = Array.from({ length: 3000 }, (_, number) =>
      point({ text: { kind: 'text', value: `${number}`.repeat(200) } }),
    );
    const { bytes } = await writeDataset([makeBlock(features)], createGeoJsonSeqWriter);
    expect(linesOf(bytes)).toHaveLength(3000);
    const heads = Buffer.from(bytes)
      .toString('latin1')
      .split('\u001f\u008b\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u00ff');
    expect(heads.length - 1).toBeGreaterThan(2);
  });

  it('writes an empty gzip file without features', async () => {
    const { bytes } = await writeDataset([makeBlock([])], createGeoJsonSeqWriter);
    expect(gunzipSync(bytes)).toHaveLength(0);
  });

  it('refuses coordinates that are not longitude and latitude', async () => {
    const crs = { authority: 'EPSG' as const, code: '3857', name: 'WGS 84 / Pseudo-Mercator' };
    await expect(writeDataset([makeBlock([])], createGeoJsonSeqWriter, { crs })).rejects.toMatchObject({
      code: 'geojson-needs-crs84',
    });
  });
});
