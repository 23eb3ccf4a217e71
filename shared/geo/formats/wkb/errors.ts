import { FeatureError } from '../feature-error.ts';

const REWRITE = 'Write the geometry again with a current tool, for instance `ogr2ogr`.';

/** @param at byte from the start of the geometry */
export function wkbTruncated(at: number, needed: number, left: number): FeatureError {
  return new FeatureError({
    code: 'wkb-truncated',
    retryable: false,
    detail: `The geometry is cut off: at byte ${at} it needs ${needed} bytes more, and ${left} are left.`,
    remedy: REWRITE,
    limit: left,
    actual: needed,
  });
}

/** A count, checked against the bytes that are left before anything is made for it. */
export function wkbCountTooLarge(at: number, count: number, most: number): FeatureError {
  return new FeatureError({
    code: 'wkb-count-too-large',
    retryable: false,
    detail: `At byte ${at} the geometry claims ${count} parts; the bytes that are left hold at most ${most}.`,
    remedy: REWRITE,
    limit: most,
    actual: count,
  });
}

export function wkbByteOrderUnknown(at: number, order: number): FeatureError {
  return new FeatureError({
    code: 'wkb-byte-order-unknown',
    retryable: false,
    detail: `The byte order at byte ${at} of the geometry is ${order}; 0 and 1 are known.`,
    remedy: REWRITE,
    actual: order,
  });
}

export function wkbTypeUnknown(at: number, type: number): FeatureError {
  return new FeatureError({
    code: 'wkb-type-unknown',
    retryable: false,
    detail: `The geometry at byte ${at} has the type ${type}, which no version of WKB has.`,
    remedy: REWRITE,
    actual: type,
  });
}

export function wkbMemberUnexpected(at: number, type: number, parent: number): FeatureError {
  return new FeatureError({
    code: 'wkb-member-unexpected',
    retryable: false,
    detail: `At byte ${at} a geometry of type ${type} stands within one of type ${parent}, which cannot hold it.`,
    remedy: REWRITE,
  });
}

export function wkbTooDeep(limit: number): FeatureError {
  return new FeatureError({
    code: 'wkb-too-deep',
    retryable: false,
    detail: `The geometry has collections within collections, more than ${limit} deep.`,
    remedy: 'Write the members of its collections as features of their own.',
    limit,
  });
}

export function wkbTooManyMembers(members: number, limit: number): FeatureError {
  return new FeatureError({
    code: 'wkb-too-many-members',
    retryable: false,
    detail: `The collections of the geometry have ${members} members; at most ${limit} are read.`,
    remedy: 'Write the members of its collections as features of their own.',
    limit,
    actual: members,
  });
}

export function wkbArcIncomplete(at: number, points: number): FeatureError {
  return new FeatureError({
    code: 'wkb-arc-incomplete',
    retryable: false,
    detail: `The circular string at byte ${at} has ${points} points; arcs take an odd number, three or more.`,
    remedy: REWRITE,
    actual: points,
  });
}

export function wkbTooManyVertices(limit: number): FeatureError {
  return new FeatureError({
    code: 'wkb-too-many-vertices',
    retryable: false,
    detail: `The curves of the geometry would become more than ${limit} vertices.`,
    remedy: 'Write the geometry with straight lines, for instance with `ogr2ogr -nlt CONVERT_TO_LINEAR`.',
    limit,
  });
}

export function wkbOuterRingEmpty(at: number): FeatureError {
  return new FeatureError({
    code: 'wkb-outer-ring-empty',
    retryable: false,
    detail: `The polygon at byte ${at} has an empty outer ring and others within it.`,
    remedy: REWRITE,
  });
}
