import { GML_SEED, GPX_SEED, KML_SEED } from '../../formats/xml-files.ts';
import { harmless, nothingUsed, refused, without, type Attack } from '../attack.ts';
import { TOLERANT } from './good-files.ts';

const MIB = 1024 ** 2;

const SEEDS = { KML: KML_SEED, GPX: GPX_SEED, GML: GML_SEED };

const DOCTYPES = {
  'a DOCTYPE': '<!DOCTYPE ROOT>',
  'a DOCTYPE in lower case': '<!doctype ROOT>',
  'a DOCTYPE with a system id': '<!DOCTYPE ROOT SYSTEM "http://127.0.0.1:9/a.dtd">',
  'a DOCTYPE with a public id': '<!DOCTYPE ROOT PUBLIC "-//a//b" "http://127.0.0.1:9/a.dtd">',
  'an external entity': '<!DOCTYPE ROOT [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
  'an external parameter entity': '<!DOCTYPE ROOT [<!ENTITY % x SYSTEM "http://127.0.0.1:9/a">%x;]>',
  'a bomb of entities': `<!DOCTYPE ROOT [<!ENTITY l0 "lol">${Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
  ).join('')}]>`,
  'a quadratic bomb': `<!DOCTYPE ROOT [<!ENTITY a "${'x'.repeat(100_000)}">]>`,
};

const rootOf = (seed: string): string => /<([\w:]*(?:kml|gpx|FeatureCollection))\b/.exec(seed)![1]!;

const doctypes = Object.entries(SEEDS).flatMap(([format, seed]) =>
  Object.entries(DOCTYPES).map(([what, doctype]): Attack => ({
    what: `${what} in ${format}`,
    file: () => seed.replace('?>', `?>${doctype.replace('ROOT', rootOf(seed))}`),
    end: refused('xml-doctype-refused'),
  })),
);

const kml = (content: string): string =>
  `<kml xmlns="http://www.opengis.net/kml/2.2"><Document>${content}</Document></kml>`;
const PLACEMARK = '<Placemark><name>&a;</name><Point><coordinates>1,2</coordinates></Point></Placemark>';

export const XML_ATTACKS: Attack[] = [
  ...doctypes,
  {
    what: 'network links, overlays and styles that lead elsewhere in KML',
    file: () =>
      kml(
        '<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>' +
          '<NetworkLink><Url><href>file:///etc/passwd</href></Url></NetworkLink>' +
          '<GroundOverlay><Icon><href>http://127.0.0.1:9/a.png</href></Icon></GroundOverlay>' +
          '<Placemark><styleUrl>http://127.0.0.1:9/s.kml#a</styleUrl><Point><coordinates>1,2</coordinates></Point></Placemark>',
      ),
    end: harmless(1),
  },
  {
    what: 'schemas and links that lead elsewhere in GML',
    file: () =>
      GML_SEED.replace(
        'xmlns:xlink="x"',
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://a http://127.0.0.1:9/a.xsd"',
      ).replace('xlink:href="#1"', 'xlink:href="http://127.0.0.1:9/a"'),
    end: harmless(3),
  },
  {
    what: 'links that lead elsewhere in GPX',
    file: () => GPX_SEED.replace('href="h"', 'href="http://127.0.0.1:9/a"'),
    end: harmless(8),
  },
  {
    what: 'an instruction of a style sheet',
    file: () =>
      kml(PLACEMARK.replace('&a;', 'a')).replace('<kml', '<?xml-stylesheet href="http://127.0.0.1:9/a.xsl"?><kml'),
    end: harmless(1),
  },
  { what: 'an entity that nothing declares', file: () => kml(PLACEMARK), end: nothingUsed('xml-entity-unknown') },
  { what: 'no placemarks', file: () => kml(''), end: harmless(0) },
  { what: 'nothing in GPX', file: () => '<gpx version="1.1"/>', end: refused('source-without-layers') },
  {
    what: 'fifty thousand circles in one curve of GML',
    file: () =>
      GML_SEED.replace('<gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc>', () => {
        const positions = `0 0 ${'2 0 0 0 '.repeat(50_000)}`;
        return `<gml:ArcString><gml:posList>${positions}</gml:posList></gml:ArcString>`;
      }),
    inputs: TOLERANT,
    end: without(['geometry-too-many-vertices'], 2),
  },
  { what: 'folders a million deep', file: () => `<kml>${'<Folder>'.repeat(1e6)}`, end: refused('xml-too-deep') },
  {
    what: 'a tag of 70 MiB',
    file: () => kml(`<Placemark a="${'x'.repeat(70 * MIB)}"/>`),
    end: refused('xml-tag-too-long'),
  },
];
