import type { ErrorRecord } from '../../../jobs/job.ts';
import type { DatasetVerdict } from '../../../jobs/process.ts';
import type { IngestInputs } from '../inputs.ts';
import type { Versions } from '../versions/merge-versions.ts';

/** What is judged of each version. */
type Counted = { [Version in keyof Versions]: Pick<NonNullable<Versions[Version]>, 'features' | 'rejected'> };

/**
 * Judges a dataset by the features that were left out of it: nothing to say when there are none. Of the published version
 * none may be.
 */
export function judgeRejects(
  { source: { features, rejected }, published }: Counted,
  { count = 0, percentage = 0 }: IngestInputs['toleratedRejects'],
  dataset: string,
): DatasetVerdict | undefined {
  const lost = published?.rejected ?? 0;
  if (lost > 0) return { state: 'failed', failure: publishedFeaturesLost(dataset, lost) };
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

function publishedFeaturesLost(dataset: string, lost: number): ErrorRecord {
  return {
    code: 'published-features-lost',
    detail: `${lost} features of the published version of "${dataset}" cannot be carried over. Nothing of it was published.`,
    remedy: 'Read the list of errors; leave the CRS of the dataset as it is, or publish it anew with the mode replace.',
    dataset,
  };
}
