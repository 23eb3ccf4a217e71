import type { FeatureProblem } from '../../features/feature-sink.ts';

/**
 * Why one feature cannot be read. Parsers throw it, and the reader of the block rejects the feature and reads on: it never
 * leaves a format.
 */
export class FeatureDefect extends Error implements FeatureProblem {
  override readonly name = 'FeatureDefect';
  readonly code: string;

  constructor(code: string, reason: string) {
    super(reason);
    this.code = code;
  }

  get reason(): string {
    return this.message;
  }
}

/** Thrown by parsers that came to the end of what is in memory: with more of the source the same may be read. */
export class InputEnds extends Error {
  override readonly name = 'InputEnds';
}
