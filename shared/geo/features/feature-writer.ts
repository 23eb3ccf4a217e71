import type { PartSink } from '../upload/part-sink.ts';
import type { Note } from './block-summary.ts';
import type { Schema } from './column.ts';
import { FeatureMerge, type MergeOptions } from './feature-merge.ts';
import type { MergedBlocks } from './merge-summaries.ts';
import type { OutputCrs } from './output-crs.ts';
import type { StoredFeature } from './stored-feature.ts';

/** Features that are written without a look at what has to be waited for. */
const FEATURES_AT_ONCE = 64;

/** What every writer of a format is told. */
export interface FeatureWriterOptions {
  sink: PartSink;
  /** Name of the dataset, where the format has a place for it. */
  name: string;
  title?: string;
  crs: OutputCrs;
  /** What is written: its numbers are promised in beginnings that are written first. */
  merged: MergedBlocks;
  schema: Schema;
  signal?: AbortSignal;
}

export interface FeatureWriterSummary {
  /** Size of the file. */
  bytes: number;
  features: number;
  /** What the format has no place for, by code. */
  notes: Note[];
}

/** Is shown every feature, in the order in which they come. */
export interface FeatureObserver {
  /** Takes what it needs of a feature; what the feature lies in may change after it. */
  add(feature: StoredFeature): void;
}

/** Writes features to one file, in the order in which they come: `add` takes them into a buffer. */
export interface FeatureWriter extends FeatureObserver {
  /** Whether the buffer is so full that `flush` is to be awaited before the next feature. */
  readonly isFull: boolean;
  flush(): Promise<void>;
  /** Writes what is left and completes the sink. */
  finish(): Promise<FeatureWriterSummary>;
  /** Gives the file up: waits for the parts in flight, then aborts the sink. */
  abort(): Promise<void>;
}

export interface WriteOptions extends MergeOptions {
  /** Are shown the features as they are written. */
  observers?: readonly FeatureObserver[];
}

/**
 * Writes all features of a dataset to several files at once, in the order of their Hilbert keys: every block is read once. When
 * it rejects, every sink is aborted.
 * @throws LonghaulError `feature-block-corrupt` (final); as the writers; whatever a source or a sink throws
 */
export async function writeFeatures(
  merged: MergedBlocks,
  writers: readonly FeatureWriter[],
  { observers = [], ...options }: WriteOptions = {},
): Promise<FeatureWriterSummary[]> {
  try {
    const merge = new FeatureMerge(merged.blocks, options);
    while (await merge.load()) await writeLoaded(merge, writers, observers);
    const summaries: FeatureWriterSummary[] = [];
    for (const writer of writers) summaries.push(await writer.finish());
    return summaries;
  } catch (error) {
    await Promise.allSettled(writers.map((writer) => writer.abort()));
    throw error;
  }
}

async function writeLoaded(
  merge: FeatureMerge,
  writers: readonly FeatureWriter[],
  observers: readonly FeatureObserver[],
): Promise<void> {
  while (writeSome(merge, writers, observers)) {
    for (const writer of writers) if (writer.isFull) await writer.flush();
  }
}

/**
 * Writes features until one of the writers is full, and not very many: V8 would compile a long loop while it runs, and again
 * when it ends.
 * @returns false when the merge has to load first, or is at its end
 */
function writeSome(
  merge: FeatureMerge,
  writers: readonly FeatureWriter[],
  observers: readonly FeatureObserver[],
): boolean {
  let isFull = false;
  for (let count = 0; count < FEATURES_AT_ONCE && !isFull; count++) {
    if (!merge.advance()) return false;
    const { feature } = merge;
    for (const observer of observers) observer.add(feature);
    for (const writer of writers) {
      writer.add(feature);
      isFull ||= writer.isFull;
    }
  }
  return true;
}
