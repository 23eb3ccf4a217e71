import type { FeatureWriter, FeatureWriterOptions } from '../../../geo/features/feature-writer.ts';
import type { OutputFormat } from '../inputs.ts';

export interface OutputFile {
  extension: string;
  mediaType: string;
  /** The writer's code is loaded when the first file of its kind is written. */
  createWriter: (options: FeatureWriterOptions) => Promise<FeatureWriter>;
}

/** How each output is written. */
export const OUTPUTS: Record<OutputFormat, OutputFile> = {
  flatgeobuf: {
    extension: 'fgb',
    mediaType: 'application/vnd.flatgeobuf',
    createWriter: async (options) =>
      (await import('../../../geo/formats/flatgeobuf/write-flatgeobuf.ts')).createFlatGeobufWriter(options),
  },
  geoparquet: {
    extension: 'parquet',
    mediaType: 'application/vnd.apache.parquet',
    createWriter: async (options) =>
      (await import('../../../geo/formats/geoparquet/write-geoparquet.ts')).createGeoParquetWriter(options),
  },
  'geojson-seq': {
    extension: 'geojsonl.gz',
    mediaType: 'application/geo+json-seq',
    createWriter: async (options) =>
      (await import('../../../geo/formats/geojson/write-geojson-seq.ts')).createGeoJsonSeqWriter(options),
  },
};
