import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InspectedLayer } from '../../shared/geo/features/feature-format.ts';
import { cutFront } from '../../shared/geo/formats/text/cut-front.ts';
import { readerOf, type SourceFormat } from '../../shared/processes/ingest/formats.ts';
import { CollectingSink } from '../helpers/collecting-sink.ts';
import { memoryReader } from '../helpers/memory-reader.ts';
import { makePoints, POINTS_IN } from '../helpers/points-in-every-format.ts';

const FRONT_FORMATS = ['geojson', 'geojson-seq', 'csv', 'kml', 'gpx', 'gml', 'shapefile'] as const;
const { signal } = new AbortController();

/** The features of the first `blocks` of every layer of some files, the one with the features first. */
async function read(format: SourceFormat, files: Uint8Array[], names: string[], isFront: boolean) {
  const reader = await readerOf(format);
  const companions = new Map(
    names.slice(1).map((name, index) => [name.split('.').at(-1)!, memoryReader(files[index + 1]!)]),
  );
  const source = { file: memoryReader(files[0]!), companions };
  const options = { blockBytes: 2 ** 24, name: 'places', signal, ...(isFront ? { isFront } : {}) };
  const layers = await reader.inspect(source, options);
  const sink = new CollectingSink();
  for (const inspected of layers) {
    const layer = JSON.parse(JSON.stringify(inspected)) as InspectedLayer;
    for (let block = 0; block < layer.blocks; block++) await reader.readBlock(source, layer, block, sink, signal);
  }
  return { layers, sink };
}

describe.each(FRONT_FORMATS)('the first bytes of a file of %s', (format) => {
  const files = POINTS_IN[format](makePoints(60));
  const names = Object.keys(files);

  it('have its first features, whole, wherever they end', async () => {
    const { sink: whole } = await read(format, Object.values(files), names, false);
    expect(whole.features).toHaveLength(60);
    const longest = Math.max(...Object.values(files).map(({ length }) => length));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 130, max: longest }), async (end) => {
        const fronts = Object.values(files).map((bytes) =>
          bytes.length <= end ? bytes : cutFront(bytes.slice(0, end)),
        );
        const { layers, sink } = await read(format, fronts, names, true);
        expect(sink.rejects).toEqual([]);
        expect(sink.notes).toEqual([]);
        // The header of a .dbf tells how many rows the whole of it has.
        expect(layers[0]?.features).toBe(format === 'shapefile' ? 60 : undefined);
        expect(sink.features).toEqual(whole.features.slice(0, sink.features.length));
        // No more is left out than what is cut off at the end.
        const perFeature = longest / 60;
        expect(sink.features.length).toBeGreaterThan(Math.min(60, (end - 600) / perFeature - 2));
      }),
      { numRuns: 150 },
    );
  });
});

it('are those of UTF-16, too, without half of a pair', async () => {
  const text = POINTS_IN.csv(makePoints(20))['places.csv']!;
  const utf16 = Buffer.from(`\uFEFF${new TextDecoder().decode(text).replaceAll('東', '𝄞')}`, 'utf16le');
  for (let end = 200; end < utf16.length; end++) {
    const { sink } = await read('csv', [cutFront(utf16.subarray(0, end))], ['places.csv'], true);
    expect(sink.rejects).toEqual([]);
    expect(sink.features.length).toBeGreaterThan(0);
  }
});
