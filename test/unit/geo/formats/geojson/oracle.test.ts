import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geoJsonFormat } from '../../../../../shared/geo/formats/geojson/geojson-format.ts';
import { geoJsonSeqFormat } from '../../../../../shared/geo/formats/geojson-seq/geojson-seq-format.ts';
import { readFormat } from '../../../../helpers/read-format.ts';
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

/** Encodings with a byte order mark that a text may be stored in. */
const encoded = (text: string, encoding: 'utf8' | 'utf16le') =>
  encoding === 'utf8' ? Buffer.from(text) : Buffer.from(`\ufeff${text}`, 'utf16le');
const encoding = fc.constantFrom('utf8' as const, 'utf8' as const, 'utf16le' as const);

describe('a FeatureCollection', () => {
  it('gives the features that JSON.parse finds, each once, in blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(collections.chain(textsOf), blockBytes, encoding, async (text, blockBytes, encoding) => {
        const { layer, sink } = await readFormat(geoJsonFormat, encoded(text, encoding), { blockBytes });
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
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 5 })), encoding, async (names, encoding) => {
        const features = names.map((name) => JSON.stringify({ type: 'Feature', properties: { name }, geometry: null }));
        const text = `{"type":"FeatureCollection","features":[${features.join()}]}`;
        const { sink } = await readFormat(geoJsonFormat, encoded(text, encoding), { blockBytes: 100 });
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
      fc.asyncProperty(records, ends, blockBytes, encoding, async (texts, end, blockBytes, encoding) => {
        const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ' '));
        const { sink } = await readFormat(geoJsonSeqFormat, encoded(lines.join(end), encoding), { blockBytes });
        expect(sink.rejects).toEqual([]);
        expect(sink.features.map(givenView)).toEqual(lines.map((line) => parsedView(JSON.parse(line))));
      }),
      { numRuns: 400 },
    );
  });

  it('of RFC 8142 gives the features that JSON.parse finds, each once, in blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(records, blockBytes, encoding, async (texts, blockBytes, encoding) => {
        const content = texts.map((text) => `\u001e${text}\n`).join('');
        const { sink } = await readFormat(geoJsonSeqFormat, encoded(content, encoding), { blockBytes });
        expect(sink.rejects).toEqual([]);
        expect(sink.features.map(givenView)).toEqual(texts.map((text) => parsedView(JSON.parse(text))));
      }),
      { numRuns: 400 },
    );
  });
});
