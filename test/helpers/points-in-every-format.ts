import type { SourceFormat } from '../../shared/processes/ingest/formats.ts';
import { makeFlatGeobuf, propertyBytes } from './make-flatgeobuf.ts';
import { geometryBlob, makeGeoPackage } from './make-geopackage.ts';
import { geometryColumn, makeGeoParquet } from './make-geoparquet.ts';
import { writeDbf, writeShapefile } from './write-shapefile.ts';
import { writeWkb } from './write-wkb.ts';

/** A feature that every format can tell. */
export interface PlainPoint {
  name: string;
  x: number;
  y: number;
}

/** Different points for different numbers, with names that have letters of one, two and three bytes. */
export const makePoints = (count: number): PlainPoint[] =>
  Array.from({ length: count }, (_, number) => ({
    name: `${['Graz', 'Zürich', 'Łódź', '東京'][number % 4]} ${number}`,
    x: ((number * 37) % 340) - 170 + 0.5,
    y: ((number * 17) % 160) - 80 + 0.25,
  }));

const WGS84 =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],' +
  'UNIT["Degree",0.0174532925199433]]';

const feature = ({ name, x, y }: PlainPoint): string =>
  JSON.stringify({ type: 'Feature', properties: { name }, geometry: { type: 'Point', coordinates: [x, y] } });

const kml = ({ name, x, y }: PlainPoint): string =>
  `<Placemark><name>${name}</name><Point><coordinates>${x},${y}</coordinates></Point></Placemark>`;

const gml = ({ name, x, y }: PlainPoint): string =>
  `<gml:featureMember><place><name>${name}</name><geom><gml:Point srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>${x} ${y}` +
  `</gml:pos></gml:Point></geom></place></gml:featureMember>`;

const plain = ({ x, y }: PlainPoint) => ({ type: 'Point' as const, coordinates: [x, y] });

type Files = Record<string, Uint8Array>;
const text = (name: string, content: string): Files => ({ [name]: new TextEncoder().encode(content) });

/** A layer of points by format: its files by name, the one with the features first. */
export const POINTS_IN: Record<SourceFormat, (points: readonly PlainPoint[]) => Files> = {
  geojson: (points) =>
    text('places.geojson', `{"type":"FeatureCollection","features":[${points.map(feature).join(',\n')}]}`),
  'geojson-seq': (points) => text('places.geojsonl', `${points.map(feature).join('\n')}\n`),
  csv: (points) =>
    text('places.csv', ['name,lon,lat', ...points.map(({ name, x, y }) => `"${name}",${x},${y}`), ''].join('\n')),
  kml: (points) =>
    text(
      'places.kml',
      `<kml xmlns="http://www.opengis.net/kml/2.2"><Document>${points.map(kml).join('\n')}</Document></kml>`,
    ),
  gpx: (points) =>
    text(
      'places.gpx',
      `<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">` +
        points.map(({ name, x, y }) => `<wpt lat="${y}" lon="${x}"><name>${name}</name></wpt>`).join('\n') +
        '</gpx>',
    ),
  gml: (points) =>
    text(
      'places.gml',
      `<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">${points.map(gml).join('\n')}</gml:FeatureCollection>`,
    ),
  geopackage: (points) => ({
    'places.gpkg': makeGeoPackage(
      'fid INTEGER PRIMARY KEY, geom POINT, name TEXT',
      points.map((point, number) => [number + 1, geometryBlob(plain(point)), point.name]),
    ),
  }),
  shapefile: (points) => {
    const { shp, shx } = writeShapefile(1, points.map(({ x, y }) => ({ type: 1, parts: [[[x, y]]] }))); // prettier-ignore
    const dbf = writeDbf([{ name: 'name', type: 'C', length: 40 }], points.map(({ name }) => [name])); // prettier-ignore
    return {
      'places.shp': shp,
      'places.shx': shx,
      'places.dbf': dbf,
      ...text('places.prj', WGS84),
      ...text('places.cpg', 'UTF-8'),
    };
  },
  flatgeobuf: (points) => ({
    'places.fgb': makeFlatGeobuf({
      columns: [{ name: 'name', type: 'String' }],
      crs: { org: 'EPSG', code: 4326 },
      features: points.map((point) => ({
        geometry: plain(point),
        properties: [[0, propertyBytes('String', point.name)]],
      })),
    }),
  }),
  geoparquet: (points) => ({
    'places.parquet': makeGeoParquet({
      columns: [
        { name: 'name', data: points.map(({ name }) => name), type: 'STRING' },
        geometryColumn(points.map((point) => writeWkb(plain(point)))),
      ],
    }),
  }),
};
