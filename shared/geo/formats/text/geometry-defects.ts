import { FeatureDefect } from './feature-defect.ts';
import { MAX_COLLECTION_DEPTH, MAX_COLLECTION_MEMBERS, MAX_VERTICES } from './limits.ts';

/** A coordinate that is no finite double, such as 1e400. */
export function outOfRange(): FeatureDefect {
  return new FeatureDefect('geometry-coordinate-out-of-range', 'A coordinate is larger than a double can be.');
}

export function ringTooShort(count: number): FeatureDefect {
  return new FeatureDefect('geometry-ring-too-short', `A ring has ${count} positions; it takes four.`);
}

export function lineTooShort(count: number): FeatureDefect {
  return new FeatureDefect('geometry-line-too-short', `A line has ${count} position; it takes two.`);
}

export function outerRingEmpty(): FeatureDefect {
  return new FeatureDefect('geometry-outer-ring-empty', 'A polygon has an empty outer ring and others within it.');
}

export function collectionTooDeep(): FeatureDefect {
  return new FeatureDefect(
    'geometry-too-deep',
    `A geometry collection is nested more than ${MAX_COLLECTION_DEPTH} levels deep.`,
  );
}

export function tooManyMembers(): FeatureDefect {
  return new FeatureDefect(
    'geometry-too-many-members',
    `The geometry collections of a feature have more than ${MAX_COLLECTION_MEMBERS} members.`,
  );
}

export function tooManyVertices(): FeatureDefect {
  return new FeatureDefect('geometry-too-many-vertices', `A geometry has more than ${MAX_VERTICES} vertices.`);
}
