import type { FeatureWriter, FeatureWriterOptions } from '../../geo/features/feature-writer.ts';
import { createFlatGeobufWriter, FLATGEOBUF_MEDIA_TYPE } from '../../geo/formats/flatgeobuf/write-flatgeobuf.ts';
import { createGeoJsonSeqWriter, GEOJSON_SEQ_MEDIA_TYPE } from '../../geo/formats/geojson/write-geojson-seq.ts';
import { createGeoParquetWriter, GEOPARQUET_MEDIA_TYPE } from '../../geo/formats/geoparquet/write-geoparquet.ts';
import type { OutputFormat } from './inputs.ts';

export interface OutputFile {
  extension: string;
  mediaType: string;
  createWriter: (options: FeatureWriterOptions) => FeatureWriter;
}

/** How each output is written. */
export const OUTPUTS: Record<OutputFormat, OutputFile> = {
  flatgeobuf: { extension: 'fgb', mediaType: FLATGEOBUF_MEDIA_TYPE, createWriter: createFlatGeobufWriter },
  geoparquet: { extension: 'parquet', mediaType: GEOPARQUET_MEDIA_TYPE, createWriter: createGeoParquetWriter },
  'geojson-seq': { extension: 'geojsonl.gz', mediaType: GEOJSON_SEQ_MEDIA_TYPE, createWriter: createGeoJsonSeqWriter },
};
