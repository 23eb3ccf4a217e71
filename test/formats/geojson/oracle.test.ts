import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geoJsonFormat } from '../../../shared/geo/formats/geojson/geojson-format.ts';
import { geoJsonSeqFormat } from '../../../shared/geo/formats/geojson-seq/geojson-seq-format.ts';
import { readFormat } from '../../helpers/read-format.ts';
import { shortReads } from '../../helpers/short-reads.ts';
import { featureNodes, geometryNodes, shuffled } from './arbitrary-features.ts';
import { textsOf, type JsonNode } from './json-text.ts';
import { givenView, parsedView } from './view-by-json-parse.ts';

const blockBytes = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constant(2 ** 30));

const collections = shuffled(
  fc
    .tuple(
      fc.array(featureNodes, { maxLength: 6 }),
      fc.subarray<[string, JsonNode]>([
        ['name', 'parcels'],
        ['bbox', [{ number: '1' }]],
        ['metadata', { members: [['features', [{ members: [['type', 'Feature']] }]]] }],
        ['title', '"features":[{'],
        ['features', []],
      ]),
    )
    .map(([features, more]) => [['type', 'FeatureCollection'], ['features', features], ...more]),
);

/** How a text is stored, and in which pieces it comes. */
const storages = fc.record({
  encoding: fc.constantFrom('utf8' as const, 'utf8' as const, 'utf16le' as const),
  pieceBytes: fc.oneof(fc.integer({ min: 4, max: 100 }), fc.constant(2 ** 30)),
});
type Storage = { encoding: 'utf8' | 'utf16le'; pieceBytes: number };
const stored = (text: string, { encoding, pieceBytes }: Storage) =>
  shortReads(encoding === 'utf8' ? Buffer.from(text) : Buffer.from(`\ufeff${text}`, 'utf16le'), pieceBytes);

describe('a FeatureCollection', () => {
  it('gives the features that JSON.parse finds, each once, in blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(collections.chain(textsOf), blockBytes, storages, async (text, blockBytes, storage) => {
        const { layer, sink } = await readFormat(geoJsonFormat, stored(text, storage), { blockBytes });
        const { features } = JSON.parse(text) as { features: unknown[] };
        expect(sink.rejects).toEqual([]);
        expect(sink.features.map(givenView)).toEqual(features.map(parsedView));
        expect(sink.features.map(({ place }) => place.number)).toEqual(features.map((_, index) => index));
        expect(layer.features).toBe(features.length);
      }),
      { numRuns: 500 },
    );
  });

  it('says at which byte of the source each feature begins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 5 })), storages, async (names, storage) => {
        const { encoding } = storage;
        const features = names.map((name) => JSON.stringify({ type: 'Feature', properties: { name }, geometry: null }));
        const text = `{"type":"FeatureCollection","features":[${features.join()}]}`;
        const { sink } = await readFormat(geoJsonFormat, stored(text, storage), { blockBytes: 100 });
        const bom = encoding === 'utf8' ? 0 : 2;
        let at = text.indexOf('[') + 1;
        for (const [index, { place }] of sink.features.entries()) {
          expect(place.offset).toBe(Buffer.byteLength(text.slice(0, at), encoding) + bom);
          at += features[index]!.length + 1;
        }
      }),
    );
  });
});

describe('a single object', () => {
  it('is read as JSON.parse finds it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(featureNodes, geometryNodes).chain(textsOf), async (text) => {
        const { layer, sink } = await readFormat(geoJsonFormat, ` ${text}\n`);
        const object = JSON.parse(text) as { type: string };
        const feature = object.type === 'Feature' ? object : { geometry: object, properties: null };
        expect(sink.rejects).toEqual([]);
        expect(sink.features.map(givenView)).toEqual([parsedView(feature)]);
        expect(layer).toMatchObject({ features: 1, blocks: 1 });
      }),
      { numRuns: 400 },
    );
  });
});

describe('a sequence', () => {
  const records = fc.array(featureNodes.chain(textsOf), { minLength: 1, maxLength: 8 });

  it('of lines gives the features that JSON.parse finds, each once, in blocks of any size', async () => {
    const ends = fc.constantFrom('\n', '\r\n', '\n\n');
    await fc.assert(
      fc.asyncProperty(records, ends, blockBytes, storages, async (texts, end, blockBytes, storage) => {
        const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ' '));
        const { sink } = await readFormat(geoJsonSeqFormat, stored(lines.join(end), storage), { blockBytes });
        expect(sink.rejects).toEqual([]);
        expect(sink.features.map(givenView)).toEqual(lines.map((line) => parsedView(JSON.parse(line))));
      }),
      { numRuns: 400 },
    );
  });

  it('of RFC 8142 gives the features that JSON.parse finds, each once, in blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(records, blockBytes, storages, async (texts, blockBytes, storage) => {
        const content = texts.map((text) => `\u001e${text}\n`).join('');
        const { sink } = await readFormat(geoJsonSeqFormat, stored(content, storage), { blockBytes });
        expect(sink.rejects).toEqual([]);
        expect(sink.features.map(givenView)).toEqual(texts.map((text) => parsedView(JSON.parse(text))));
      }),
      { numRuns: 400 },
    );
  });
});
