import type { MergedBlocks } from '../../geo/features/merge-summaries.ts';
import type { DatasetVerdict } from '../../jobs/process.ts';
import type { IngestInputs } from './inputs.ts';

/** Judges a dataset by the features that were left out of it: nothing to say when there are none. */
export function judgeRejects(
  { features, rejected }: Pick<MergedBlocks, 'features' | 'rejected'>,
  { count = 0, percentage = 0 }: IngestInputs['toleratedRejects'],
  dataset: string,
): DatasetVerdict | undefined {
  if (rejected === 0) return undefined;
  const total = features + rejected;
  const isTolerated = rejected <= count || rejected * 100 <= total * percentage;
  if (isTolerated && features > 0) return { state: 'partial' };
  return {
    state: 'failed',
    failure: {
      code: 'too-many-rejects',
      detail:
        `${rejected} of ${total} features of "${dataset}" cannot be used; ` +
        `${count} or ${percentage} % are tolerated. Nothing of it was published.`,
      remedy: 'Read the list of errors, correct the source, or raise toleratedRejects.',
      dataset,
    },
  };
}
