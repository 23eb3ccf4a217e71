/** Where the independent reader finds what a dataset was made from; see compare.py. */
export interface SourceLayer {
  /** Name of the file that GDAL or Arrow opens, within the folder of sources. */
  file: string;
  /** Path within a zip archive. */
  member?: string;
  layer?: string;
  /** Options of GDAL's driver. */
  options?: Record<string, string>;
  /** CRS of a file that does not say it. */
  crs?: string;
  /** Field that GDAL takes for its own number of a row, and we for a field. */
  rowNumber?: string;
}

/** One layer of a source, and how it may differ from the dataset that was made of it. */
export interface LayerCase {
  /** What the dataset's id has behind that of its job; absent for the only layer. */
  suffix?: string;
  source: SourceLayer;
  /** Names in the dataset, by those that GDAL gives. */
  names?: Record<string, string>;
  /** Fields of ours that GDAL has not, and of GDAL's that are in no file or are no field for us. */
  added?: string[];
  dropped?: string[];
  /** Types that are not GDAL's. */
  kinds?: Record<string, 'integer'>;
  /** GDAL's driver adds all fields that the format could have: those without any value are passed over. */
  isSparse?: boolean;
  /** GDAL gives the texts of cells, which a number of ours must be written as. */
  isText?: boolean;
}

export interface FormatCase {
  title: string;
  /** The id of the dataset, and of its job. */
  id: string;
  file: string;
  /** Sent as an upload, and named by its id. */
  isUpload?: boolean;
  inputs?: Record<string, unknown>;
  layers: LayerCase[];
}

const CRS84 = 'OGC:CRS84';
const CSV = { AUTODETECT_TYPE: 'YES', KEEP_GEOM_COLUMNS: 'NO' };

const geoPackageLayer = (layer: string): LayerCase => ({
  suffix: layer,
  source: { file: 'bubenec.gpkg', layer, rowNumber: 'fid' },
});

const shapefileLayer = (suffix: string, member: string, kinds: LayerCase['kinds'] = {}): LayerCase => ({
  suffix,
  source: { file: 'shapefiles.zip', member: `${member}.shp` },
  kinds,
});

/** GDAL gives what a placemark does not have as 0 or -1. */
const KML_DEFAULTS = ['extrude', 'tessellate', 'visibility'];
const KML_NAMES = { Name: 'name' };

const gpxLayer = (suffix: string, file: string, layer: string): LayerCase => ({
  suffix,
  // Elevations are the third coordinate, for GDAL when it is told so.
  source: { file, layer, options: { ELE_AS_25D: 'YES' } },
  isSparse: true,
});

/** Every format that is read. What its own reader says of a source is what GDAL, Arrow or pandas wrote: make_sources.py. */
export const CASES: FormatCase[] = [
  {
    title: 'GeoJSON by the id of its upload',
    id: 'geojson',
    file: 'virginia.geojson',
    isUpload: true,
    layers: [{ source: { file: 'virginia.geojson' } }],
  },
  {
    title: 'GeoJSON, gzipped',
    id: 'geojson-gz',
    file: 'virginia.geojson.gz',
    layers: [{ source: { file: 'virginia.geojson' } }],
  },
  {
    title: 'GeoJSONSeq with record separators',
    id: 'geojsonseq',
    file: 'countries.geojsonl',
    layers: [{ source: { file: 'countries.geojsonl' } }],
  },
  {
    title: 'GeoJSONSeq by lines, gzipped',
    id: 'geojsonseq-gz',
    file: 'lines.geojsonl.gz',
    layers: [{ source: { file: 'countries.geojsonl' } }],
  },
  {
    title: 'CSV with columns of coordinates that the caller names',
    id: 'csv',
    file: 'georgia.csv',
    inputs: { csv: { x: 'Longitud', y: 'Latitude' }, sourceCrs: CRS84 },
    layers: [
      {
        source: {
          file: 'georgia.csv',
          options: { ...CSV, X_POSSIBLE_NAMES: 'Longitud', Y_POSSIBLE_NAMES: 'Latitude' },
          crs: CRS84,
        },
      },
    ],
  },
  {
    title: 'CSV with WKT',
    id: 'csv-wkt',
    file: 'homicides.csv',
    inputs: { sourceCrs: CRS84 },
    layers: [
      {
        source: { file: 'homicides.csv', options: { KEEP_GEOM_COLUMNS: 'NO', GEOM_POSSIBLE_NAMES: 'WKT' }, crs: CRS84 },
        isText: true,
      },
    ],
  },
  {
    title: 'TSV with longitude and latitude, CSV with WKB and with GeoJSON, in an archive that stores them as they are',
    id: 'tables',
    file: 'tables.zip',
    inputs: { sourceCrs: CRS84 },
    layers: [
      {
        suffix: 'coordinates',
        source: {
          file: 'coordinates.tsv',
          options: { ...CSV, X_POSSIBLE_NAMES: 'lon', Y_POSSIBLE_NAMES: 'lat' },
          crs: CRS84,
        },
      },
      { suffix: 'wkb', source: { file: 'wkb.csv', options: { ...CSV, GEOM_POSSIBLE_NAMES: 'wkb' }, crs: CRS84 } },
      {
        suffix: 'geojson',
        source: { file: 'geojson.csv', options: { ...CSV, GEOM_POSSIBLE_NAMES: 'geojson' }, crs: CRS84 },
      },
    ],
  },
  {
    title: 'KML',
    id: 'kml',
    file: 'counties.kml',
    layers: [
      {
        source: { file: 'counties.kml' },
        names: KML_NAMES,
        added: ['folder'],
        dropped: KML_DEFAULTS,
        isSparse: true,
      },
    ],
  },
  {
    title: 'KMZ',
    id: 'kmz',
    file: 'network.kmz',
    // Another document of the archive holds nothing but a link to the one with the features.
    inputs: { layers: ['network'] },
    layers: [
      {
        source: { file: 'network.kmz' },
        names: KML_NAMES,
        added: ['folder'],
        dropped: KML_DEFAULTS,
        isSparse: true,
      },
    ],
  },
  {
    title: 'GPX: waypoints, routes, tracks and their points',
    id: 'gpx',
    file: 'gpx.zip',
    layers: [
      // GDAL gives elevations as a field all the same.
      { ...gpxLayer('waypoints', 'waypoints.gpx', 'waypoints'), dropped: ['ele'] },
      gpxLayer('routes', 'routes.gpx', 'routes'),
      gpxLayer('route-points', 'routes.gpx', 'route_points'),
      gpxLayer('tracks', 'tracks.gpx', 'tracks'),
      gpxLayer('track-points', 'tracks.gpx', 'track_points'),
    ],
  },
  {
    title: 'GML 3.2 with latitude first',
    id: 'gml',
    file: 'countries.gml',
    layers: [{ source: { file: 'countries.gml' }, names: { gml_id: 'id' } }],
  },
  {
    title: 'GML 2 in UTM, gzipped',
    id: 'gml-gz',
    file: 'counties.gml.gz',
    // Neither side has its schema: both find out the types of the values.
    layers: [{ source: { file: 'counties.gml.gz' }, names: { fid: 'id' } }],
  },
  {
    title: 'GeoPackage with several layers',
    id: 'geopackage',
    file: 'bubenec.gpkg',
    layers: ['buildings', 'plots', 'streets', 'tessellation'].map(geoPackageLayer),
  },
  {
    title: 'GeoPackage with every type, and nulls',
    id: 'geopackage-nulls',
    file: 'nulls.gpkg',
    layers: [{ source: { file: 'nulls.gpkg', rowNumber: 'fid' } }],
  },
  {
    title: 'zipped Shapefiles in folders, in five CRS',
    id: 'shapefiles',
    file: 'shapefiles.zip',
    layers: [
      shapefileLayer('soho-soho-network', 'soho/Soho_Network'),
      shapefileLayer('soho-sohopeople', 'soho/SohoPeople'),
      shapefileLayer('soho-sohowater', 'soho/SohoWater'),
      shapefileLayer('usa-virginia-vautm17n', 'usa/virginia/vautm17n'),
      // A column of 19 digits without decimals, of which every value is a small whole number.
      shapefileLayer('usa-arizona-streets', 'usa/arizona/streets', { ID: 'integer' }),
      shapefileLayer('tokyo-tokyomet262', 'tokyo/tokyomet262'),
      shapefileLayer('world-naturalearth-lowres', 'world/naturalearth_lowres'),
    ],
  },
  {
    title: 'FlatGeobuf in UTM',
    id: 'flatgeobuf',
    file: 'counties.fgb',
    layers: [{ source: { file: 'counties.fgb' } }],
  },
  {
    title: 'GeoParquet in UTM with WKB, and in Mercator with native geometries',
    id: 'geoparquet',
    file: 'geoparquet.zip',
    layers: [
      { suffix: 'counties', source: { file: 'counties.parquet' } },
      { suffix: 'people', source: { file: 'people.parquet' } },
    ],
  },
];
