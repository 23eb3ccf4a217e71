import { LonghaulError } from '../../errors/longhaul-error.ts';

/** One feature, or one value of it, cannot be read; the next can: what is thrown becomes a rejected feature. */
export class FeatureError extends LonghaulError {
  override readonly name = 'FeatureError';
}
