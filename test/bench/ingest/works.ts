import type { OutputFormat } from '../../../shared/processes/ingest/inputs.ts';
import type { InputName } from './make-input.ts';

/** One row of the table: a file that is turned into another. */
export interface Work {
  /** For `--only`. */
  id: string;
  title: string;
  /** Made by the bench; a path where the caller names a file. */
  input: InputName | { path: string };
  output: OutputFormat;
  /** Of a file that does not say it. */
  crs?: string;
  /** GDAL's open options, where it has to be told what Longhaul finds out. */
  peerOptions?: readonly string[];
  target?: Target;
}

export interface Target {
  /** Speed relative to the peer. */
  ratio: number;
  peakBytes: number;
}

const MB = 1e6;
const WKT_COLUMN = ['GEOM_POSSIBLE_NAMES=wkt', 'KEEP_GEOM_COLUMNS=NO', 'AUTODETECT_TYPE=YES'];

export const WORKS: readonly Work[] = [
  {
    id: 'geojson',
    title: 'GeoJSON, 530,000 polygons → FlatGeobuf',
    input: 'polygons.geojson',
    output: 'flatgeobuf',
    target: { ratio: 1.5, peakBytes: 400 * MB },
  },
  {
    id: 'geoparquet',
    title: 'the same → GeoParquet, ZSTD',
    input: 'polygons.geojson',
    output: 'geoparquet',
    target: { ratio: 1, peakBytes: 500 * MB },
  },
  {
    id: 'csv',
    title: 'CSV with WKT, 100,000 polygons → FlatGeobuf',
    input: 'polygons.csv',
    output: 'flatgeobuf',
    crs: 'EPSG:4326',
    peerOptions: WKT_COLUMN,
    target: { ratio: 0.8, peakBytes: 256 * MB },
  },
  {
    id: 'kml',
    title: 'KML, 100,000 polygons → FlatGeobuf',
    input: 'polygons.kml',
    output: 'flatgeobuf',
    target: { ratio: 0.5, peakBytes: 256 * MB },
  },
  {
    id: 'geopackage',
    title: 'GeoPackage, 100,000 polygons → FlatGeobuf',
    input: 'polygons.gpkg',
    output: 'flatgeobuf',
    target: { ratio: 0.6, peakBytes: 400 * MB },
  },
  {
    id: 'shapefile',
    title: 'Shapefile, 100,000 polygons → FlatGeobuf',
    input: 'polygons.zip',
    output: 'flatgeobuf',
    target: { ratio: 0.8, peakBytes: 256 * MB },
  },
  {
    id: 'many-geopackage',
    title: 'GeoPackage, 530,000 polygons → FlatGeobuf',
    input: 'many-polygons.gpkg',
    output: 'flatgeobuf',
  },
  {
    id: 'many-shapefile',
    title: 'Shapefile, 530,000 polygons → FlatGeobuf',
    input: 'many-polygons.zip',
    output: 'flatgeobuf',
  },
];
