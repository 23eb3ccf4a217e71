import type { z } from 'zod';
import type { RangeReader, Sources } from '../sources/range-reader.ts';
import type { PublishedDataset } from './datasets.ts';
import type { Counts, DatasetNumbering, ErrorRecord } from './job.ts';
import type { UnitRange } from './numbering.ts';
import type { Clock } from './ports/clock.ts';

/** What a process may use, and what its infrastructure is derived from. */
export interface ProcessLimits {
  /** Memory of a worker in MiB: the Lambda function's memory size. */
  memoryMiB: number;
  /** Longest run of one chunk, plan or finish in seconds: the Lambda function's timeout, at most 900. */
  timeoutSeconds: number;
  /** Workers at once: the event source mapping's maximum concurrency, at least 2. */
  concurrency: number;
  /** Attempts for each chunk, plan and finish before it is given up. */
  attempts: number;
  /** Longest life of a job in seconds; beyond it the job ends failed with code `timed-out`. */
  deadlineSeconds: number;
}

/** An output as the process description shows it (OGC 18-062r2, 7.10): `schema` is a JSON Schema object. */
export interface OutputDescription {
  title: string;
  description?: string;
  schema: Record<string, unknown>;
}

/** What each of the functions of a process is given besides its inputs. */
export interface ProcessContext {
  tenant: string;
  /** Aborted when the job is cancelled or the worker's time runs out: pass it to every read, decode and encode. */
  signal: AbortSignal;
  sources: Sources;
  datasets: Datasets;
  clock: Clock;
}

/** What the tenant of a job has published. */
export interface Datasets {
  /**
   * The version that the pointer of a dataset leads to now; undefined when there is none of this id.
   * @throws LonghaulError `datasets-not-kept` (final) where nothing published outlives its job
   */
  current(id: string): Promise<PublishedDataset | undefined>;
  /**
   * Opens one of the files of a version. A published file is written once, so that its address is its version.
   * @throws LonghaulError `source-not-allowed` (final) for what is no published file of the tenant; its reads throw
   *   `dataset-file-missing` (final)
   */
  open(file: Pick<DatasetFile, 'url' | 'bytes'>): RangeReader;
}

/** Files that a job keeps beside its chunks and for them, such as the members of an archive; they expire with the chunks. */
export interface WorkFiles {
  /**
   * Streams one file. The first that is completed under a name stays; whoever plans again writes the same.
   * @param name such as `roads.shp`
   */
  create(name: string): Promise<OutputUpload>;
  /** @param bytes size of the file, as it was written */
  open(name: string, bytes: number): RangeReader;
}

/** What planning and chunks are given: they may share files. */
export interface WorkContext extends ProcessContext {
  files: WorkFiles;
}

/** One dataset of a plan. `detail` is JSON, stored with the plan and handed to every chunk. */
export interface PlannedDataset<Detail = unknown> extends DatasetNumbering {
  detail: Detail;
  /** What the numbering depends on (extent, zooms …), as a fingerprint: a retry refuses when it is no longer the same. */
  numbering?: string;
  /** The units to run when they are not all of 0 … units−1 (a retry): sorted, disjoint; their sizes add up to `units`. */
  selection?: UnitRange[];
  /** In a retry: all units of the dataset, and those that failed before and are not run again. */
  union?: { units: number; failed: number };
}

export interface Plan<Detail = unknown> {
  datasets: PlannedDataset<Detail>[];
  /** Percentage of a dataset's units, 0–100, that may fail while the rest is still published. */
  toleratedFailurePercentage: number;
}

export interface ChunkWork<Inputs, Detail> {
  inputs: Inputs;
  dataset: PlannedDataset<Detail>;
  /** Unit numbers to run, ascending. */
  ranges: UnitRange[];
}

/** A unit that failed for good inside a chunk that went on. */
export interface UnitError extends ErrorRecord {
  /** The unit's number: what a retry selects. */
  number: number;
}

/** What a chunk made. The engine stores it as one object; `payload` is the process's own format. */
export interface ChunkResult {
  counts: Counts;
  errors: UnitError[];
  payload: Uint8Array;
  /**
   * Bytes right before the payload in its buffer that hold nothing: the engine's header goes there, and the payload is not
   * copied (see `CHUNK_HEADROOM`).
   */
  headroom?: number;
}

/** The stored payload of one chunk, read by ranges. */
export interface StoredPayload {
  /** Units that its chunk ran. */
  readonly ranges: readonly UnitRange[];
  /** What its chunk counted. */
  readonly counts: Counts;
  /** Reads `length` bytes from `offset`; fewer at the end. They are the reader's own: nobody else keeps them. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Chunk payloads of one job, in the order of their numbers; chunks that failed as a whole are left out. */
export interface ChunkPayloads extends AsyncIterable<Uint8Array> {
  /** The same without their content, so that any number of them can be read side by side. */
  stored(): AsyncIterable<StoredPayload>;
}

export interface FinishedDataset<Detail> {
  plan: PlannedDataset<Detail>;
  counts: Counts;
  /** This job's payloads first, then those of the job that it retries, and so on: the first that has a unit wins. */
  layers: ChunkPayloads[];
}

/** Streams one output file; parts may be put in any order and at once. Same content, same bytes: it may run twice. */
export interface OutputUpload {
  /** Where the file will be. */
  readonly url: URL;
  /** @param partNumber 1 … 10,000. Each part but the highest has at least 5 MiB. */
  putPart(partNumber: number, bytes: Uint8Array): Promise<void>;
  /** Makes the file visible; a file that is there already (an earlier attempt) stays as it is. */
  complete(): Promise<void>;
  abort(): Promise<void>;
}

export interface FinishWork<Inputs, Detail> {
  inputs: Inputs;
  /** Only the datasets that are to be published. */
  datasets: FinishedDataset<Detail>[];
  /** Where the complete list of errors lies, when the job has any: one JSON object a line. */
  errorsUrl: URL;
  /** When the job was accepted, in milliseconds since the epoch: the one time that is the same however often this runs. */
  acceptedAt: number;
  /** @param name file name within the job's output folder, such as `scene.pmtiles` */
  createOutput: (name: string, mediaType: string) => Promise<OutputUpload>;
  /** Stores a small file in one step; one that is there already (an earlier attempt) stays as it is. */
  putOutput: (name: string, mediaType: string, bytes: Uint8Array) => Promise<URL>;
}

/** One file of a dataset. */
export interface DatasetFile {
  url: URL;
  mediaType: string;
  bytes: number;
}

/** A file about a dataset. */
export interface RelatedFile extends DatasetFile {
  /** Relation of the IANA register: a description of the dataset, or a picture of it. */
  rel: 'describedby' | 'preview';
}

/** What a dataset's pointer is moved to when the job is published: its file, and the same content in other formats. */
export interface Artifact extends DatasetFile {
  dataset: string;
  alternates?: DatasetFile[];
  related?: RelatedFile[];
  /** What the pointer must be at that moment, or the job fails. By default it may lead anywhere. */
  expects?: PointerExpectation;
}

/** Publishing is refused when a dataset is not as its job was told, or found, that it is. */
export type PointerExpectation =
  /** There is none of this id: it is created. */
  | { kind: 'new' }
  /** It is what the job was planned upon: the version that this job published or, without one, that there was none. */
  | { kind: 'unchanged'; jobId?: string };

/** What a process itself says of a dataset: that parts of its content were left out, or why it must not be published. */
export type DatasetVerdict = { state: 'partial' } | { state: 'failed'; failure: ErrorRecord };

export interface FinishResult {
  /** One value for each output of the description. A URL value is given to callers as a link that they can fetch. */
  results: Record<string, unknown>;
  artifacts: Artifact[];
  /** By dataset; one without a verdict is judged by its failed units alone. */
  verdicts?: Record<string, DatasetVerdict>;
}

/** One line of the complete list of errors; a process may add members of its own. */
export type ErrorLine = ErrorRecord & Record<string, unknown>;

/** A lower and an upper bound. */
export interface EstimatedRange {
  low: number;
  high: number;
}

/** What a job would do, before anything runs. */
export interface Estimate {
  units: number;
  chunks: number;
  bytes: EstimatedRange;
  seconds: EstimatedRange;
  dollars: EstimatedRange;
  /** The process's own account, such as tiles for each dataset and zoom. */
  detail: Record<string, unknown>;
}

/**
 * A process is one folder with a `process.ts` whose default export is the result of `defineProcess`.
 * The OGC description, queue, dead-letter queue, function, alarms, CLI help and documentation are derived from it.
 */
export interface ProcessDefinition<Schema extends z.ZodObject = z.ZodObject, Detail = unknown> {
  /** kebab-case; the folder's name. */
  id: string;
  /** Semantic version of the process's interface. */
  version: string;
  title: string;
  description: string;
  keywords?: string[];
  /** A strict object; each property with `.meta({ title, description })`. */
  inputs: Schema;
  outputs: Record<string, OutputDescription>;
  /**
   * JSON pointers to the inputs that name a source, `*` for every index of a list: there a caller may name an upload,
   * and a file that starts a job by itself becomes the first of them.
   */
  sourceInputs?: readonly string[];
  jobControlOptions: readonly ('sync-execute' | 'async-execute')[];
  limits: ProcessLimits;
  /** npm packages with native code, installed beside the worker's bundle. */
  nativeModules?: readonly string[];
  /**
   * What the job would do. Also refuses, with a typed error that names the field, what `plan` would refuse.
   * Runs inside the API function: it imports nothing native and nothing through `#worker`, and reads headers only.
   */
  estimate?(context: ProcessContext, inputs: z.output<Schema>): Promise<Estimate>;
  /**
   * Its input `dryRun` makes a job that looks further than `estimate`, and publishes nothing. `longhaul run` has no dry run of
   * its own then, and does not estimate before a job: that would read about as much as the plan does.
   */
  offersDryRun?: true;
  /** Numbers the work. The same inputs and sources give the same plan. */
  plan(context: WorkContext, inputs: z.output<Schema>): Promise<Plan<Detail>>;
  /** Runs one chunk. The same chunk gives the same bytes: it may run more than once. */
  runChunk(context: WorkContext, work: ChunkWork<z.output<Schema>, Detail>): Promise<ChunkResult>;
  /** Assembles the outputs from the chunks. */
  finish(context: ProcessContext, work: FinishWork<z.output<Schema>, Detail>): Promise<FinishResult>;
  /**
   * What is wrong within units that did not fail, such as features that were left out: added to the list of errors.
   * @param layers as in `FinishedDataset`
   */
  listErrors?(dataset: PlannedDataset<Detail>, layers: ChunkPayloads[]): AsyncIterable<ErrorLine>;
  /** The units of a dataset that touch a GeoJSON polygon, for a retry by area. */
  selectUnits?(dataset: PlannedDataset<Detail>, area: GeoJsonPolygon): UnitRange[];
}

/** RFC 7946 polygon or multipolygon, longitude and latitude in degrees. */
export type GeoJsonPolygon =
  { type: 'Polygon'; coordinates: number[][][] } | { type: 'MultiPolygon'; coordinates: number[][][][] };

/** States a process; keeps the types of its inputs and detail together. */
export function defineProcess<Schema extends z.ZodObject, Detail>(
  definition: ProcessDefinition<Schema, Detail>,
): ProcessDefinition<Schema, Detail> {
  return definition;
}
