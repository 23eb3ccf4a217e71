import type { FeatureProblem } from '../features/feature-sink.ts';
import { FeatureError } from './feature-error.ts';

/**
 * Why a feature is put aside.
 * @throws the error itself when it is no fault of the feature: a source that does not answer, or a defect
 */
export function problemOf(error: unknown): FeatureProblem {
  if (error instanceof FeatureError) return { code: error.code, reason: error.detail };
  throw error;
}
