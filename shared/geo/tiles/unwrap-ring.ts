import type { Ring } from './area.ts';

/** Relative difference up to which a step counts as one full turn around the world. */
const FULL_TURN_TOLERANCE = 1e-9;

export interface UnwrapOptions {
  /** Length of one turn around the world in the unit of x: 360 degrees, or 2 × HALF_WORLD metres. */
  turn: number;
  /** What a step of exactly one turn means: an edge around the whole world, or no movement along the antimeridian. */
  fullTurn: 'edge' | 'no-movement';
  /** Where the ring is closed when it goes around a pole: y beyond the world's square, without its sign. */
  poleY: number;
}

/**
 * Makes the x of a ring continuous: a step of more than half a turn crosses the antimeridian the short way, so that
 * x runs beyond ±half a turn. A ring that goes around a pole, and so does not end where it began, is closed over the
 * pole that it lies nearer to.
 */
export function unwrapRing(ring: Ring, options: UnwrapOptions): Ring {
  const { turn } = options;
  const unwrapped: [number, number][] = [];
  let shift = 0;
  let previous: number | undefined;
  for (const [x, y] of ring) {
    if (previous !== undefined) shift -= turnsOf(x - previous, options) * turn;
    unwrapped.push([x + shift, y]);
    previous = x;
  }
  const first = unwrapped[0];
  if (first === undefined || previous === undefined) return unwrapped;
  const closing = shift - turnsOf(ring[0]![0] - previous, options) * turn;
  if (Math.abs(closing) < turn / 2) return unwrapped;
  const middle = unwrapped.reduce((sum, [, y]) => sum + y, 0);
  const pole = middle < 0 ? -options.poleY : options.poleY;
  return [...unwrapped, [first[0] + closing, first[1]], [first[0] + closing, pole], [first[0], pole]];
}

/** Turns around the world that a step pretends to make. */
function turnsOf(step: number, { turn, fullTurn }: UnwrapOptions): number {
  // Half a turn exactly is no crossing.
  const turns = Math.sign(step) * Math.ceil(Math.abs(step) / turn - 0.5);
  const isFull = Math.abs(Math.abs(step) - turn) <= turn * FULL_TURN_TOLERANCE;
  return isFull && fullTurn === 'edge' ? 0 : turns;
}
