import type { FeatureProblem } from '../../features/feature-sink.ts';

/**
 * Why one feature cannot be read. Parsers throw it, and the reader of the block rejects the feature and reads on: it never
 * leaves a format.
 */
export class FeatureDefect extends Error {
  override readonly name = 'FeatureDefect';
  readonly problem: FeatureProblem;

  constructor(code: string, reason: string) {
    super(reason);
    this.problem = { code, reason };
  }
}

/** Thrown by parsers that came to the end of what is in memory: with more of the source the same may be read. */
export class InputEnds extends Error {
  override readonly name = 'InputEnds';
}
