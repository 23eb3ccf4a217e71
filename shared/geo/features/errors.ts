import { LonghaulError } from '../../errors/longhaul-error.ts';

/** A stored block that is not what a block writer makes. */
export function featureBlockCorrupt(reason: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'feature-block-corrupt',
    retryable: false,
    detail: `A stored block of features cannot be read: ${reason}.`,
    remedy: 'Submit the job again.',
    cause,
  });
}

/** The features of one block of a source take more room than a worker has. */
export function featureBlockTooLarge(bytes: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'feature-block-too-large',
    retryable: false,
    detail: `The features of one block take ${bytes} bytes; ${limit} are kept.`,
    remedy: 'Split the source into smaller files.',
    limit,
    actual: bytes,
  });
}

export function tooManyFields(limit: number): LonghaulError {
  return new LonghaulError({
    code: 'feature-fields-too-many',
    retryable: false,
    detail: `The features have more than ${limit} different fields.`,
    remedy: 'Leave fields out, or move those that differ from feature to feature into one JSON object.',
    limit,
  });
}

export function tooManyBlocks(blocks: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'feature-blocks-too-many',
    retryable: false,
    detail: `The features lie in ${blocks} blocks; ${limit} are merged at once.`,
    remedy: 'Split the source over several jobs.',
    limit,
    actual: blocks,
  });
}

export function tooManyReplacingFeatures(features: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'replacing-features-too-many',
    retryable: false,
    detail: `${features} features are to replace others by their key; ${limit} are compared at once.`,
    remedy: 'Split the source over several jobs, one after the other.',
    limit,
    actual: features,
  });
}
