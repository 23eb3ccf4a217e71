import type { FeatureProblem } from '../feature-sink.ts';
import { Geometry } from '../geometry.ts';
import { cleanLines } from './clean-lines.ts';
import { cutAntimeridian } from './cut-antimeridian.ts';
import { checkSelfIntersections } from './check-self-intersections.ts';
import { REJECTS } from './problems.ts';
import { FOUND, scanGeometry } from './scan-geometry.ts';
import { windRings } from './wind-rings.ts';

export interface NormaliserOptions {
  /** Whether coordinates are longitude and latitude in degrees (OGC:CRS84): their range is held, the antimeridian cut. */
  geographic: boolean;
  /** Whether polygons that cross themselves are divided into parts that do not. */
  repair: boolean;
}

const { notFinite, latitude, longitude, antimeridian, duplicate, open, short, winding, withoutArea } = FOUND;

/**
 * Makes geometries what RFC 7946 asks for, in place: rings closed and wound, no vertex twice in a row, longitudes within
 * ±180 degrees, cut at the antimeridian. One pass finds what a geometry needs; one that is right costs no more, but for the
 * search for self-intersections. Keep one for all features of a source: its arrays are used again.
 */
export class Normaliser {
  readonly #geographic: boolean;
  readonly #repair: boolean;
  readonly #scratch = new Geometry();
  readonly #notes = new Set<FeatureProblem>();

  constructor({ geographic, repair }: NormaliserOptions) {
    this.#geographic = geographic;
    this.#repair = repair;
  }

  /**
   * Normalises a geometry with all of its members.
   * @param note is told once for each kind of thing that was mended or found
   * @returns why the feature is to be put aside: its geometry is then of no use
   */
  normalise(geometry: Geometry, note: (problem: FeatureProblem) => void): FeatureProblem | undefined {
    const problem = geometry.memberCount === 0 ? this.#normaliseOne(geometry) : this.#normaliseAll(geometry);
    if (this.#notes.size === 0) return problem;
    if (problem === undefined) for (const noted of this.#notes) note(noted);
    this.#notes.clear();
    return problem;
  }

  /** Members without recursion: a reader bounds their depth, this need not rely on it. */
  #normaliseAll(geometry: Geometry): FeatureProblem | undefined {
    const waiting = [geometry];
    for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
      const problem = this.#normaliseOne(current);
      if (problem !== undefined) return problem;
      for (let index = 0; index < current.memberCount; index++) waiting.push(current.members[index]!);
    }
    return undefined;
  }

  #normaliseOne(geometry: Geometry): FeatureProblem | undefined {
    let found = scanGeometry(geometry, this.#geographic);
    if ((found & (notFinite | latitude | longitude)) !== 0) return rejectOf(found);
    if ((found & (duplicate | open | short)) !== 0) {
      const problem = cleanLines(geometry, this.#scratch, this.#notes);
      if (problem !== undefined) return problem;
      found = scanGeometry(geometry, this.#geographic);
    }
    if ((found & antimeridian) !== 0) {
      cutAntimeridian(geometry, this.#scratch, this.#notes);
      found = scanGeometry(geometry, this.#geographic);
    }
    if ((found & (winding | withoutArea)) !== 0) windRings(geometry, this.#notes);
    if (geometry.polygons > 0 && checkSelfIntersections(geometry, this.#scratch, this.#repair, this.#notes)) {
      windRings(geometry, new Set());
    }
    return undefined;
  }
}

function rejectOf(found: number): FeatureProblem {
  if ((found & notFinite) !== 0) return REJECTS.notFinite;
  return (found & latitude) !== 0 ? REJECTS.latitude : REJECTS.longitude;
}
