import type { FeatureProblem } from '../feature-sink.ts';
import type { Geometry } from '../geometry.ts';
import { NOTES } from './problems.ts';
import { ROUNDING_DEGREES } from './scan-geometry.ts';

/** Brings each longitude back by itself. */
export function wrapVertices({ xy }: Geometry, start: number, end: number, notes: Set<FeatureProblem>): void {
  for (let at = 2 * start; at < 2 * end; at += 2) {
    const x = xy[at]!;
    if (Math.abs(x) <= 180) continue;
    xy[at] = x - 360 * Math.round(x / 360);
    notes.add(NOTES.longitudeWrapped);
  }
}

/** Turns by which a step has to be taken back for it to be the short way. */
export function turnsOf(step: number): number {
  if (Math.abs(step) <= 180 || Math.abs(Math.abs(step) - 360) <= ROUNDING_DEGREES) return 0;
  return Math.sign(step) * Math.ceil(Math.abs(step) / 360 - 0.5);
}

/** Value on the way to a vertex from the one before it. */
export const between = (values: Float64Array, vertex: number, share: number): number =>
  values[vertex - 1]! + share * (values[vertex]! - values[vertex - 1]!);
