import type { RangeReader } from '../../sources/range-reader.ts';
import type { FeatureSink } from './feature-sink.ts';

/** A source of features: one file, and where the format has them, the files that belong to it. */
export interface FeatureSource {
  readonly file: RangeReader;
  /** By extension in lower case, such as `dbf`. */
  readonly companions?: ReadonlyMap<string, RangeReader>;
}

/** The CRS that a file names. Readers give x as longitude or easting whatever the file's axis order is. */
export type DeclaredCrs =
  | { kind: 'epsg'; code: number }
  /** WGS 84 longitude and latitude (OGC:CRS84). */
  | { kind: 'crs84' }
  /** Well-known text, of the OGC or of Esri. */
  | { kind: 'wkt'; text: string };

/** A type that the format itself declares for a field. */
export type DeclaredType = 'boolean' | 'integer' | 'double' | 'text' | 'date' | 'date-time' | 'json' | 'binary';

export interface DeclaredField {
  name: string;
  /** Absent where the format has no types. */
  type?: DeclaredType;
  /** What the format says of it for people. */
  title?: string;
}

/** What was found of one layer, before its features are read. JSON: it is stored with the plan. */
export interface InspectedLayer<Detail = unknown> {
  /** As the file names it; the file's own name where it has one layer without one. */
  name: string;
  /** Absent when the file does not say; GeoJSON, KML and GPX say by their standards. */
  crs?: DeclaredCrs;
  /** False for a table without geometries, which has no CRS. */
  hasGeometries?: false;
  /** Fields that are declared; others may turn up in formats without a schema. */
  fields?: DeclaredField[];
  /** Number of features, where the file tells it; not to be believed. */
  features?: number;
  /** Parts that can be read apart from each other, 0 … blocks−1; each of about `blockBytes`. */
  blocks: number;
  /** What the reader of a block must know. */
  detail: Detail;
  /** What was noted of the layer as a whole, such as an encoding that had to be guessed: one sentence each. */
  notes?: string[];
}

/** What a caller may say of a source that cannot say it itself. */
export interface ReadOptions {
  /** IANA name of the encoding of texts, where the file does not say or says wrongly. */
  encoding?: string;
  csv?: CsvOptions;
}

export interface CsvOptions {
  /** One character; found out by default. */
  delimiter?: string;
  /** Columns of longitude or easting, and of latitude or northing. */
  x?: string;
  y?: string;
  /** Column of WKT, WKB (hexadecimal) or GeoJSON geometries. */
  geometry?: string;
  /** Whether the first line has the names of the columns; found out by default. */
  header?: boolean;
}

export interface InspectOptions {
  /** Bytes of a block, about. */
  blockBytes: number;
  /** Name for a layer that has none, such as the file's name without extension. */
  name: string;
  read?: ReadOptions;
  /**
   * The source is the first bytes of a longer one, smaller than a block. What is whole in it is found; what is cut off at its
   * end is left out, and a number of features is told only where a header has it.
   */
  isFront?: boolean;
  /** Takes what is to be told of a file that has no layer to carry it: one sentence at a time. */
  note?: (sentence: string) => void;
  signal: AbortSignal;
}

/** A format that features are read from. */
export interface FeatureFormat<Detail = unknown> {
  /** kebab-case. */
  readonly id: string;
  readonly title: string;
  /** Numbers of features count from the beginning of their block: nobody has counted those before it. */
  readonly numbersByBlock?: true;
  /** Its first features can be read when only the first bytes are there: see `InspectOptions.isFront`. */
  readonly readsFront?: true;
  /**
   * Finds every layer, and cuts each into blocks. Reads headers, or the whole source once, in bounded memory. A layer that
   * is declared may be empty; a file whose layers are those of its features may have none.
   * @throws LonghaulError (final) for a source that is not of this format, is corrupt as a whole, or passes a limit
   */
  inspect(source: FeatureSource, options: InspectOptions): Promise<InspectedLayer<Detail>[]>;
  /**
   * Reads one block: every feature goes to the sink in the order of the source, and one that cannot be read is rejected
   * there. The same block gives the same features each time.
   * @throws LonghaulError (final) for a block that cannot be read on; as `RangeReader.read`
   */
  readBlock(
    source: FeatureSource,
    layer: InspectedLayer<Detail>,
    block: number,
    sink: FeatureSink,
    signal: AbortSignal,
  ): Promise<void>;
}
