import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { FeatureFormat } from '../../../shared/geo/features/feature-format.ts';
import type { Geometry } from '../../../shared/geo/features/geometry.ts';
import { gmlFormat } from '../../../shared/geo/formats/gml/gml-format.ts';
import { gpxFormat } from '../../../shared/geo/formats/gpx/gpx-format.ts';
import { kmlFormat } from '../../../shared/geo/formats/kml/kml-format.ts';
import { CollectingSink } from '../../helpers/collecting-sink.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { GML_SEED, GPX_SEED, KML_SEED, MARKUP } from './xml-files.ts';

const { signal } = new AbortController();

/** A sink that looks at each geometry before it is kept. */
class SoundSink extends CollectingSink {
  override add(place: { offset: number; number?: number }): void {
    isSound(this.geometry);
    super.add(place);
  }
}

describe('a file of an XML format', () => {
  printCorpora('XML');

  const seeds: readonly [string, FeatureFormat, Buffer][] = [
    ['KML', kmlFormat, Buffer.from(KML_SEED)],
    ['KML in UTF-16', kmlFormat, Buffer.from(`\uFEFF${KML_SEED.replace('UTF-8', 'UTF-16')}`, 'utf16le')],
    ['GPX', gpxFormat, Buffer.from(GPX_SEED)],
    ['GML', gmlFormat, Buffer.from(GML_SEED)],
  ];

  for (const [name, format, seed] of seeds) {
    fuzz(
      `(${name}) with bytes changed, cut, moved and put in is read the same in any cut, or refused for good`,
      fc.record({ list: edits, blockBytes: fc.constantFrom(1, 300) }),
      async ({ list, blockBytes }) => isReadOrRefused(format, edited(seed, list), blockBytes),
    );
    fuzz(
      `(${name}) with markup put in is read the same in any cut, or refused for good`,
      fc.record({
        pieces: fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.constantFrom(...MARKUP)),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        blockBytes: fc.constantFrom(1, 300),
      }),
      async ({ pieces, blockBytes }) => {
        const text = seed.toString(name === 'KML in UTF-16' ? 'utf16le' : 'utf8');
        const changed = pieces.reduce((before, [at, piece]) => {
          const position = Math.floor(at * before.length);
          return before.slice(0, position) + piece + before.slice(position);
        }, text);
        await isReadOrRefused(format, Buffer.from(changed, name === 'KML in UTF-16' ? 'utf16le' : 'utf8'), blockBytes);
      },
    );
  }
});

async function isReadOrRefused(format: FeatureFormat, bytes: Uint8Array, blockBytes: number): Promise<void> {
  const whole = await reading(() => readAll(format, bytes, 2 ** 30));
  const cut = await reading(() => readAll(format, bytes, blockBytes));
  if ('refused' in whole) expect('refused' in cut && cut.refused.code).toBe(whole.refused.code);
  else expect(cut).toEqual(whole);
}

async function readAll(format: FeatureFormat, bytes: Uint8Array, blockBytes: number) {
  const source = { file: memoryReader(bytes) };
  const found: unknown[] = [];
  for (const layer of await format.inspect(source, { blockBytes, name: 'file', signal })) {
    const sink = new SoundSink();
    for (let block = 0; block < layer.blocks; block++) await format.readBlock(source, layer, block, sink, signal);
    const { features, rejects, notes } = sink;
    // Points of a track that is cut short are rejected as one; every other record is one feature or reject.
    if (!layer.name.endsWith('_points')) expect(features.length + rejects.length).toBe(layer.features);
    found.push({ name: layer.name, crs: layer.crs, features, rejects, notes: notes.map(({ code }) => code).sort() });
  }
  return found;
}

/** Whether the numbers of a geometry lead to places that it has. */
function isSound(geometry: Geometry): void {
  const { vertices, lines, polygons, lineEnds, polygonEnds, members, memberCount, xy } = geometry;
  expect(2 * vertices).toBeLessThanOrEqual(xy.length);
  for (let at = 0; at < 2 * vertices; at++) if (!Number.isFinite(xy[at])) throw new Error(`vertex ${at} is ${xy[at]}`);
  const isAscending = (ends: Uint32Array, count: number, last: number): boolean =>
    Array.from(ends.subarray(0, count)).every((end, index) => end > (index === 0 ? 0 : ends[index - 1]!)) &&
    (count === 0 || ends[count - 1] === last);
  expect(isAscending(lineEnds, lines, vertices)).toBe(true);
  expect(isAscending(polygonEnds, polygons, lines)).toBe(true);
  for (const member of members.slice(0, memberCount)) isSound(member);
}
