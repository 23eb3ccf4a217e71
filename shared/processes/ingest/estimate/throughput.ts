import type { EstimatedRange } from '../../../jobs/process.ts';
import type { SourceFormat } from '../formats.ts';
import type { OutputFormat } from '../inputs.ts';

const MB = 1e6;

/** Half of what was measured, for slower machines and heavier data, to all of it. */
const upTo = (measured: number): EstimatedRange => ({ low: (measured / 2) * MB, high: measured * MB });

/**
 * Bytes of a source that one worker makes blocks of in a second: `node test/bench/ingest-throughput.ts` over polygons of 15 vertices (the
 * points of tracks with their lines, for GPX), on one core.
 */
export const CHUNK_BYTES_PER_SECOND: Record<SourceFormat, EstimatedRange> = {
  geojson: upTo(49),
  'geojson-seq': upTo(80),
  csv: upTo(50),
  kml: upTo(49),
  gpx: upTo(11),
  gml: upTo(39),
  geopackage: upTo(61),
  shapefile: upTo(53),
  flatgeobuf: upTo(93),
  geoparquet: upTo(38),
};

/** The same bench: bytes of a source that are cut into blocks in a second, where that takes a look at all of them. */
export const PLAN_BYTES_PER_SECOND: Partial<Record<SourceFormat, EstimatedRange>> = {
  geojson: upTo(247),
  csv: upTo(193),
  kml: upTo(203),
  gpx: upTo(117),
  gml: upTo(129),
};

/** The same bench: bytes that come out of a gzip file or a zip archive in a second, to be stored. */
export const UNPACKED_BYTES_PER_SECOND = upTo(282);

/** The same bench: bytes of blocks that are merged into an output in a second. */
export const MERGED_BYTES_PER_SECOND: Record<OutputFormat, EstimatedRange> = {
  flatgeobuf: upTo(220),
  geoparquet: upTo(50),
  'geojson-seq': upTo(18),
};

/**
 * What becomes of a byte of the source: half to twice the share of the same bench. Of a text with long numbers less becomes,
 * of compressed columns more.
 */
const share = (measured: number): EstimatedRange => ({ low: measured / 2, high: measured * 2 });

export const BLOCK_SHARE: Record<SourceFormat, EstimatedRange> = {
  geojson: share(0.69),
  'geojson-seq': share(0.7),
  csv: share(0.9),
  kml: share(0.56),
  gpx: share(2.14),
  gml: share(0.58),
  geopackage: share(1.11),
  shapefile: share(0.93),
  flatgeobuf: share(0.95),
  geoparquet: share(1.55),
};

/** Bytes of an output by those of the blocks: the same bench. */
export const OUTPUT_SHARE: Record<OutputFormat, number> = { flatgeobuf: 1.1, geoparquet: 0.6, 'geojson-seq': 0.4 };
