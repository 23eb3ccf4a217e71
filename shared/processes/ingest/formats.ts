import type { FormatId } from '../../geo/formats/detect-format.ts';
import type { FeatureFormat } from '../../geo/features/feature-format.ts';

/** What is read, once it is out of its container. */
export type SourceFormat = Exclude<FormatId, 'gzip' | 'zip'>;

/** Readers by format; each is loaded when the first file of its kind is met. */
const READERS: Record<SourceFormat, () => Promise<FeatureFormat>> = {
  geojson: async () => (await import('../../geo/formats/geojson/geojson-format.ts')).geoJsonFormat,
  'geojson-seq': async () => (await import('../../geo/formats/geojson-seq/geojson-seq-format.ts')).geoJsonSeqFormat,
  csv: async () => (await import('../../geo/formats/csv/csv-format.ts')).csvFormat,
  kml: async () => (await import('../../geo/formats/kml/kml-format.ts')).kmlFormat,
  gpx: async () => (await import('../../geo/formats/gpx/gpx-format.ts')).gpxFormat,
  gml: async () => (await import('../../geo/formats/gml/gml-format.ts')).gmlFormat,
  geopackage: async () => (await import('../../geo/formats/geopackage/geopackage-format.ts')).geopackage,
  shapefile: async () => (await import('../../geo/formats/shapefile/shapefile-format.ts')).shapefile,
  flatgeobuf: async () => (await import('../../geo/formats/flatgeobuf/flatgeobuf-format.ts')).flatGeobufFormat,
  geoparquet: async () => (await import('../../geo/formats/geoparquet/geoparquet-format.ts')).geoParquetFormat,
};

/** The reader of a format. */
export const readerOf = (format: SourceFormat): Promise<FeatureFormat> => READERS[format]();
