import { LonghaulError } from '../../../errors/longhaul-error.ts';
import { FeatureError } from '../feature-error.ts';

const COMPLETE = 'Check that the file was written and uploaded completely; `ogrinfo -al -so` must read it.';

export function notFlatGeobuf(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'not-a-flatgeobuf',
    retryable: false,
    detail: `The source is not a FlatGeobuf: ${reason}.`,
    remedy: 'Give a FlatGeobuf of version 3.',
  });
}

/** The file as a whole, or what follows in it, cannot be read. */
export function flatGeobufCorrupt(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'flatgeobuf-corrupt',
    retryable: false,
    detail: `The FlatGeobuf is not valid: ${reason}.`,
    remedy: COMPLETE,
  });
}

export function flatGeobufTooLarge(what: string, actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'flatgeobuf-too-large',
    retryable: false,
    detail: `The FlatGeobuf has ${actual} ${what}; at most ${limit} are read.`,
    remedy: 'Split the file, or leave out what is not needed.',
    limit,
    actual,
  });
}

export function featureCorrupt(reason: string): FeatureError {
  return new FeatureError({
    code: 'flatgeobuf-feature-corrupt',
    retryable: false,
    detail: `The feature is not valid: ${reason}.`,
    remedy: COMPLETE,
  });
}

export function featureTooLarge(actual: number, limit: number): FeatureError {
  return new FeatureError({
    code: 'flatgeobuf-feature-too-large',
    retryable: false,
    detail: `The feature has ${actual} bytes; at most ${limit} are read.`,
    remedy: 'Simplify its geometry, or split it into several features.',
    limit,
    actual,
  });
}

/** Curves that were made linear have more vertices than a feature may have. */
export function tooManyVertices(limit: number): FeatureError {
  return new FeatureError({
    code: 'flatgeobuf-too-many-vertices',
    retryable: false,
    detail: `The curves of the geometry become more than ${limit} vertices.`,
    remedy: 'Split the feature, or make its curves linear with longer chords.',
    limit,
  });
}
