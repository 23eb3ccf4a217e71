import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gmlFormat } from '../../../shared/geo/formats/gml/gml-format.ts';
import { gpxFormat } from '../../../shared/geo/formats/gpx/gpx-format.ts';
import { kmlFormat } from '../../../shared/geo/formats/kml/kml-format.ts';
import { readLayer, readLayers } from '../../helpers/read-layers.ts';

/** Characters of XML that no line of text begins or ends with: white space around texts is left out. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((drawn) => `x${drawn.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')}x`);

/** A number in a form that people and programs write. */
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.double({ min: -180, max: 180, noNaN: true }).map((value) => value.toPrecision(17)),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.nat(24)).map(([digits, point]) => {
    const padded = String(digits).padStart(point + 1, '0');
    return `${padded.slice(0, padded.length - point)}.${padded.slice(padded.length - point)}`;
  }),
  fc.integer().map(String),
);

/** Markup that stands for nothing, though it looks like records and their ends. */
const noise = fc.constantFrom(
  '',
  '\n',
  '<!-- <Placemark> </Placemark> <wpt> </gml:featureMember> -->',
  '<?php </Placemark> ?>',
  '<!---->',
);
const blockBytes = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constant(2 ** 30));

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']]>', ']]&gt;').replaceAll('\r', '&#13;');
const inCdata = (value: string): string => `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

interface Record_ {
  name: string;
  isCdata: boolean;
  x: string;
  y: string;
  before: string;
  within: string;
  folder: string | undefined;
}
const record: fc.Arbitrary<Record_> = fc.record({
  name: text,
  isCdata: fc.boolean(),
  x: number,
  y: number,
  before: noise,
  within: noise,
  folder: fc.option(text, { nil: undefined }),
});
const records = fc.array(record, { maxLength: 8 });

const nameOf = ({ name, isCdata }: Record_): string => (isCdata ? inCdata(name) : escaped(name));
/** Ends of lines are line feeds, where they are not written as references. */
const readName = ({ name, isCdata }: Record_): string => (isCdata ? name.replaceAll(/\r\n?/g, '\n') : name);

const expected = (list: readonly Record_[]) =>
  list.map(({ x, y }, index) => ({ coordinates: [Number(x), Number(y)], number: index, name: readName(list[index]!) }));

describe('documents of any shape and cut', () => {
  it('give each Placemark once, with its texts, numbers and folder', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.constantFrom('', 'k:'), blockBytes, async (list, prefix, bytes) => {
        const placemarks = list.map((each) => {
          const placemark = `<${prefix}Placemark><${prefix}name>${nameOf(each)}</${prefix}name>${each.within}<${prefix}Point><${prefix}coordinates>${each.x},${each.y}</${prefix}coordinates></${prefix}Point></${prefix}Placemark>`;
          if (each.folder === undefined) return each.before + placemark;
          const name = `<${prefix}name>${escaped(each.folder)}</${prefix}name>`;
          return `${each.before}<${prefix}Folder>${name}${placemark}</${prefix}Folder>`;
        });
        const xmlns = prefix === '' ? 'xmlns' : 'xmlns:k';
        const content = `<${prefix}kml ${xmlns}="http://www.opengis.net/kml/2.2"><${prefix}Document>${placemarks.join('')}</${prefix}Document></${prefix}kml>`;
        const { features, rejects } = await readLayer(kmlFormat, content, { blockBytes: bytes });
        expect(rejects).toEqual([]);
        expect(
          features.map(({ geometry, place, properties }) => ({
            coordinates: (geometry as { coordinates: number[] }).coordinates,
            number: place.number,
            name: properties['name']?.['text'],
          })),
        ).toEqual(expected(list));
        expect(features.map(({ properties }) => properties['folder']?.['text'])).toEqual(
          list.map(({ folder }) => folder),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('give each waypoint once', async () => {
    await fc.assert(
      fc.asyncProperty(records, blockBytes, async (list, bytes) => {
        const points = list.map(
          (each) =>
            `${each.before}<wpt lat="${each.y}" lon="${each.x}">${each.within}<name>${nameOf(each)}</name></wpt>`,
        );
        const layers = await readLayers(gpxFormat, `<gpx>${points.join('')}</gpx>`, { blockBytes: bytes });
        const { features = [], rejects = [] } = layers.get('waypoints') ?? {};
        expect(rejects).toEqual([]);
        expect(
          features.map(({ geometry, place, properties }) => ({
            coordinates: (geometry as { coordinates: number[] }).coordinates,
            number: place.number,
            name: properties['name']?.['text'],
          })),
        ).toEqual(expected(list));
      }),
      { numRuns: 500 },
    );
  });

  it('give each feature of GML once, in the layer of its type', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.array(fc.nat(2)),
        fc.boolean(),
        blockBytes,
        async (list, types, isOneMember, bytes) => {
          const typeOf = (index: number): string => `type${types[index] ?? 0}`;
          const features = list.map((each, index) => {
            const feature = `<a:${typeOf(index)}><a:name>${nameOf(each)}</a:name>${each.within}<a:g><gml:Point><gml:pos>${each.x} ${each.y}</gml:pos></gml:Point></a:g></a:${typeOf(index)}>`;
            return isOneMember
              ? each.before + feature
              : `${each.before}<gml:featureMember>${feature}</gml:featureMember>`;
          });
          const members = isOneMember
            ? `<gml:featureMembers>${features.join('')}</gml:featureMembers>`
            : features.join('');
          const content = `<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="http://a">${members}</gml:FeatureCollection>`;
          const layers = await readLayers(gmlFormat, content, { blockBytes: bytes });
          for (const [name, { features: read, rejects }] of layers) {
            expect(rejects).toEqual([]);
            const ofType = list.filter((_, index) => typeOf(index) === name);
            expect(
              read.map(({ geometry, place, properties }) => ({
                coordinates: (geometry as { coordinates: number[] }).coordinates,
                number: place.number,
                name: properties['name']?.['lexical'],
              })),
            ).toEqual(expected(ofType));
          }
          const found = [...layers.values()].reduce((sum, layer) => sum + layer.features.length, 0);
          expect(found).toBe(list.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});
