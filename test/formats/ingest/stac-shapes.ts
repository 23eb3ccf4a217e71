import { createGeoPackageTables, makeDatabase, register } from '../../helpers/make-geopackage.ts';

export const feature = (geometry: unknown, properties: Record<string, unknown> = {}): object => ({
  type: 'Feature',
  properties,
  geometry,
});
export const collection = (...features: object[]): string => JSON.stringify({ type: 'FeatureCollection', features });
const point = (...coordinates: number[]): object => feature({ type: 'Point', coordinates });

/** Features of every kind of place that a dataset can have, each with what is asked for besides. */
export const SHAPES: Record<string, { source: string; content: string | Uint8Array; inputs?: object }> = {
  points: { source: 'a.geojson', content: collection(point(10, 50), point(11, 52)) },
  'one point': { source: 'a.geojson', content: collection(point(10, 50)) },
  'points on a parallel': { source: 'a.geojson', content: collection(point(10, 50), point(12, 50)) },
  'a line across the antimeridian': {
    source: 'a.geojson',
    content: collection(feature({ type: 'LineString', coordinates: [[177, -20], [182, -16]] })), // prettier-ignore
  },
  'a projected CRS': {
    source: 'a.geojson',
    content: collection(point(9, 45), point(10, 46)),
    inputs: { targetCrs: 'EPSG:32632' },
  },
  'no features': { source: 'a.geojson', content: collection() },
  'features without a geometry': { source: 'a.geojson', content: collection(feature(null, { id: 1 })) },
  'a table': {
    source: 'a.gpkg',
    content: makeDatabase((database) => {
      createGeoPackageTables(database);
      database.exec('CREATE TABLE codes (fid INTEGER PRIMARY KEY, name TEXT)');
      register(database, 'codes', { type: 'attributes', srsId: null });
      database.exec("INSERT INTO codes VALUES (1, 'one')");
    }),
  },
};
