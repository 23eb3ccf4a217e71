import type { FeatureSink } from '../features/feature-sink.ts';

/** What the values of a row are written to: a sink, or what is kept of a feature that is put aside. */
export type RowTarget = Pick<FeatureSink, 'row' | 'note'>;
