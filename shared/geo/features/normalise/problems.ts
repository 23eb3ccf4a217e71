import type { FeatureProblem } from '../feature-sink.ts';

/** What puts a feature aside. */
export const REJECTS = {
  notFinite: { code: 'geometry-not-finite', reason: 'A coordinate is infinite or no number.' },
  latitude: {
    code: 'geometry-latitude-out-of-range',
    reason:
      'A latitude is beyond 90 degrees: are longitude and latitude in the other order, or the coordinates in another CRS?',
  },
  longitude: {
    code: 'geometry-longitude-out-of-range',
    reason: 'A longitude is beyond 540 degrees: are the coordinates in another CRS?',
  },
  ringDegenerate: {
    code: 'geometry-ring-degenerate',
    reason: 'The outer ring of every polygon has fewer than four positions.',
  },
  lineDegenerate: { code: 'geometry-line-degenerate', reason: 'Every line has fewer than two positions.' },
} as const satisfies Record<string, FeatureProblem>;

/** What is mended, or noted of a feature that goes on. */
export const NOTES = {
  ringClosed: { code: 'geometry-ring-closed', reason: 'A ring did not end where it began and was closed.' },
  vertexDuplicate: { code: 'geometry-vertex-duplicate', reason: 'Vertices that repeat the one before were dropped.' },
  holeDropped: {
    code: 'geometry-hole-dropped',
    reason: 'An inner ring with fewer than four positions was dropped.',
  },
  polygonDropped: {
    code: 'geometry-polygon-dropped',
    reason: 'A polygon whose outer ring has fewer than four positions was dropped beside others.',
  },
  lineDropped: {
    code: 'geometry-line-dropped',
    reason: 'A line with fewer than two positions was dropped beside others.',
  },
  winding: {
    code: 'geometry-winding-reversed',
    reason: 'A ring was turned round: outer rings run counter-clockwise, inner ones clockwise (RFC 7946, 3.1.6).',
  },
  ringWithoutArea: { code: 'geometry-ring-without-area', reason: 'A ring encloses no area.' },
  longitudeWrapped: {
    code: 'geometry-longitude-wrapped',
    reason: 'Longitudes beyond 180 degrees were brought back by whole turns.',
  },
  antimeridianCut: {
    code: 'geometry-antimeridian-cut',
    reason: 'The geometry crosses the antimeridian and was cut there (RFC 7946, 3.1.9).',
  },
  aroundPole: {
    code: 'geometry-around-pole',
    reason: 'A ring runs round a pole: it was not cut at the antimeridian.',
  },
  antimeridianNotCut: {
    code: 'geometry-antimeridian-not-cut',
    reason: 'The polygon crosses the antimeridian in a way that cannot be cut, since its rings cross each other.',
  },
  selfIntersection: { code: 'geometry-self-intersection', reason: 'A polygon crosses or touches itself.' },
  intersectionUnchecked: {
    code: 'geometry-self-intersection-unchecked',
    reason: 'The polygon is too large to be searched for self-intersections.',
  },
  repaired: {
    code: 'geometry-repaired',
    reason: 'A polygon that crosses itself was divided into parts that do not.',
  },
  repairFailed: {
    code: 'geometry-repair-failed',
    reason: 'A polygon that crosses itself could not be repaired, or is too large to be, and stays as it was.',
  },
} as const satisfies Record<string, FeatureProblem>;
