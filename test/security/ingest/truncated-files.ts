import { gzipSync } from 'node:zlib';
import { geometryBlob, makeGeoPackage } from '../../helpers/make-geopackage.ts';
import { makeFlatGeobuf, propertyBytes } from '../../helpers/make-flatgeobuf.ts';
import { geometryColumn, makeGeoParquet } from '../../helpers/make-geoparquet.ts';
import { makeZip } from '../../helpers/make-zip.ts';
import { shapefileFiles } from '../../helpers/shapefile-source.ts';
import { writeWkb } from '../../helpers/write-wkb.ts';
import { WGS84_PRJ } from './attacks/good-files.ts';

/** A whole file of a format, with features enough for some ten kilobytes. */
export interface WholeFile {
  format: string;
  extension: string;
  bytes: Uint8Array;
  features: number;
  /** Inputs that it needs. */
  inputs?: Record<string, unknown>;
  /** How the file comes to the process when some of it is cut off [as it is]. */
  packed?: (cut: Uint8Array) => Uint8Array;
  /** Ends of the jobs of all cuts, each once: state, and codes. */
  ends: string[];
}

const FEATURES = 400;
const numbers = Array.from({ length: FEATURES }, (_, index) => index);
const position = (index: number): [number, number] => [(index * 37) % 180, (index * 17) % 80];
const wkb = (index: number) => writeWkb({ type: 'Point', coordinates: position(index) });

const features = numbers.map((index) =>
  JSON.stringify({
    type: 'Feature',
    properties: { id: index, name: `é } { ${index}` },
    geometry: { type: 'Point', coordinates: position(index) },
  }),
);
const geoJson = `{"type":"FeatureCollection","features":[${features.join()}]}`;
const csv = `id,lon,lat,name\n${numbers.map((index) => `${index},${position(index).join()},"a ""b"" é\nc"`).join('\n')}\n`;
const kml = `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${numbers
  .map(
    (index) =>
      `<Placemark><name>${index}</name><Point><coordinates>${position(index).join()}</coordinates></Point></Placemark>`,
  )
  .join('')}</Document></kml>`;
const gpx = `<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">${numbers
  .map((index) => `<wpt lat="${position(index)[1]}" lon="${position(index)[0] - 90}"><name>${index}</name></wpt>`)
  .join('')}</gpx>`;
const gml = `<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="http://a">${numbers
  .map(
    (index) =>
      `<wfs:member><a:p><a:g><gml:Point srsName="EPSG:4326"><gml:pos>${position(index).join(' ')}</gml:pos></gml:Point></a:g></a:p></wfs:member>`,
  )
  .join('')}</wfs:FeatureCollection>`;
const geoPackage = makeGeoPackage(
  'fid INTEGER PRIMARY KEY, geom POINT, name TEXT',
  numbers.map((index) => [index + 1, geometryBlob({ type: 'Point', coordinates: position(index) }), `place ${index}`]),
);
const flatGeobuf = makeFlatGeobuf({
  crs: { org: 'EPSG', code: 4326 },
  columns: [{ name: 'name', type: 'String' }],
  features: numbers.map((index) => ({
    geometry: { type: 'Point', coordinates: position(index) },
    properties: [[0, propertyBytes('String', `place ${index}`)]],
  })),
  indexNodeSize: 16,
});
const geoParquet = makeGeoParquet({
  columns: [
    geometryColumn(numbers.map(wkb)),
    { name: 'name', data: numbers.map((index) => `place ${index}`), type: 'STRING' },
  ],
  rowGroupSize: 100,
});
const shapefile = {
  ...shapefileFiles(
    1,
    numbers.map((index) => ({ type: 1, parts: [[position(index)]] })),
  ),
  prj: Buffer.from(WGS84_PRJ),
};

/** A shapefile, one of whose parts is cut off. */
const withPart = (part: 'shp' | 'shx' | 'dbf' | 'prj') => (cut: Uint8Array) =>
  makeZip(
    Object.entries({ ...shapefile, [part]: cut }).map(([extension, data]) => ({
      name: `a.${extension}`,
      data,
      method: 0,
    })),
  );

const archive = makeZip([
  { name: 'a.geojson', data: geoJson },
  { name: 'b.csv', data: csv, method: 0 },
]);

export const WHOLE_FILES: WholeFile[] = [
  {
    format: 'GeoJSON',
    extension: 'geojson',
    bytes: Buffer.from(geoJson),
    features: FEATURES,
    ends: ['failed geojson-truncated', 'failed source-empty'],
  },
  {
    format: 'GeoJSONSeq',
    extension: 'geojsonl',
    bytes: Buffer.from(features.join('\n')),
    features: FEATURES,
    ends: ['failed source-empty', 'partial json-syntax', 'succeeded'],
  },
  {
    format: 'CSV',
    extension: 'csv',
    bytes: Buffer.from(csv),
    features: FEATURES,
    inputs: { sourceCrs: 'OGC:CRS84' },
    ends: ['failed csv-quote-open', 'failed source-empty', 'partial csv-row-ragged', 'succeeded'],
  },
  {
    format: 'KML',
    extension: 'kml',
    bytes: Buffer.from(kml),
    features: FEATURES,
    ends: ['failed source-empty', 'failed xml-truncated'],
  },
  {
    format: 'GPX',
    extension: 'gpx',
    bytes: Buffer.from(gpx),
    features: FEATURES,
    ends: ['failed source-empty', 'failed xml-truncated'],
  },
  {
    format: 'GML',
    extension: 'gml',
    bytes: Buffer.from(gml),
    features: FEATURES,
    ends: ['failed source-empty', 'failed xml-truncated'],
  },
  {
    format: 'GeoPackage',
    extension: 'gpkg',
    bytes: geoPackage,
    features: FEATURES,
    ends: ['failed source-empty', 'failed sqlite-truncated'],
  },
  {
    format: 'FlatGeobuf',
    extension: 'fgb',
    bytes: flatGeobuf,
    features: FEATURES,
    ends: ['failed flatgeobuf-corrupt', 'failed source-empty', 'failed too-many-failures flatgeobuf-corrupt'],
  },
  {
    format: 'GeoParquet',
    extension: 'parquet',
    bytes: geoParquet,
    features: FEATURES,
    ends: ['failed parquet-corrupt', 'failed source-empty'],
  },
  {
    format: 'the .shp of a shapefile',
    extension: 'zip',
    bytes: shapefile.shp,
    packed: withPart('shp'),
    features: FEATURES,
    ends: [
      'failed source-empty',
      'partial shapefile-record-truncated shapefile-shape-missing',
      'partial shapefile-shape-missing',
    ],
  },
  {
    format: 'the .shx of a shapefile',
    extension: 'zip',
    bytes: shapefile.shx,
    packed: withPart('shx'),
    features: FEATURES,
    ends: ['succeeded'],
  },
  {
    format: 'the .dbf of a shapefile',
    extension: 'zip',
    bytes: shapefile.dbf,
    packed: withPart('dbf'),
    features: FEATURES,
    ends: ['failed shapefile-table-corrupt', 'succeeded'],
  },
  {
    format: 'a zip archive',
    extension: 'zip',
    bytes: archive,
    inputs: { sourceCrs: 'OGC:CRS84' },
    features: 2 * FEATURES,
    ends: ['failed source-empty', 'failed zip-corrupt'],
  },
  {
    format: 'a gzip file',
    extension: 'gz',
    bytes: gzipSync(geoJson, { level: 0 }),
    features: FEATURES,
    ends: ['failed gzip-corrupt', 'failed source-empty'],
  },
];
