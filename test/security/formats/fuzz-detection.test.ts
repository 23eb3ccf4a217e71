import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { detectFormat, HEAD_BYTES } from '../../../shared/geo/formats/detect-format.ts';
import { makeTiff } from '../../helpers/make-tiff.ts';
import { makeZip } from '../../helpers/make-zip.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

const IDS = [
  ...['gzip', 'zip', 'geojson', 'geojson-seq', 'csv', 'kml', 'gpx', 'gml'],
  ...['geopackage', 'shapefile', 'flatgeobuf', 'geoparquet'],
];

/** Beginnings that take long when a reader goes over them again and again. */
const LONG = [
  '{',
  '[',
  '"',
  '\\"',
  '{"a":',
  '<',
  '<!--',
  '<?',
  '<!DOCTYPE ',
  '<a b="c" ',
  '<a ',
  ' ',
  ',',
  '\u001e',
  '\u0000a',
].map((unit) => Buffer.from(unit.repeat(Math.ceil(HEAD_BYTES / unit.length)).slice(0, HEAD_BYTES)));

const FILES = [
  Buffer.from('{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null}]}'),
  Buffer.from('{"type":"Feature","properties":{"a":"\\"}"}}\n{"type":"Feature"}'),
  Buffer.from('<?xml version="1.0"?><!-- a --><kml xmlns="http://www.opengis.net/kml/2.2"/>'),
  Buffer.from('<wfs:FeatureCollection xmlns:gml="http://www.opengis.net/gml">'),
  Buffer.from('\ufeffname,x,y\n', 'utf16le'),
  makeTiff({ width: 2, height: 2 }),
  makeZip([{ name: 'a' }]),
  Buffer.from('PAR1'),
];

describe('what a file is', () => {
  printCorpora('beginnings of files');

  fuzz(
    'is told of changed files, or not at all',
    fc.record({ file: fc.constantFrom(...FILES), list: edits }),
    async ({ file, list }) => {
      const outcome = await reading(() => detectFormat(edited(file, list)));
      if ('read' in outcome) expect(IDS).toContain(outcome.read.id);
    },
  );

  fuzz('is told of any bytes, or not at all', fc.uint8Array({ maxLength: 600 }), async (bytes) => {
    const outcome = await reading(() => detectFormat(bytes));
    if ('read' in outcome) expect(IDS).toContain(outcome.read.id);
  });

  fuzz(
    'is told of long beginnings without going over them again',
    fc.record({ file: fc.constantFrom(...LONG), list: edits }),
    async ({ file, list }) => {
      const outcome = await reading(() => detectFormat(edited(file, list)));
      if ('read' in outcome) expect(IDS).toContain(outcome.read.id);
    },
  );
});
