import type { Ring } from './area.ts';

/** A half-plane with an edge parallel to an axis: x (0) or y (1) at least or at most a value. */
interface HalfPlane {
  axis: 0 | 1;
  keep: 'at-least' | 'at-most';
  value: number;
}

/**
 * Cuts a ring to a rectangle (Sutherland and Hodgman, 1974). Where a concave ring falls apart its parts stay joined
 * along the rectangle's edge by lines without surface: harmless when that edge is the world's.
 * @returns a ring of no vertices when nothing is left
 */
export function clipRing(ring: Ring, minX: number, minY: number, maxX: number, maxY: number): Ring {
  const west = clipToHalfPlane(ring, { axis: 0, keep: 'at-least', value: minX });
  const east = clipToHalfPlane(west, { axis: 0, keep: 'at-most', value: maxX });
  const south = clipToHalfPlane(east, { axis: 1, keep: 'at-least', value: minY });
  return clipToHalfPlane(south, { axis: 1, keep: 'at-most', value: maxY });
}

function clipToHalfPlane(ring: Ring, plane: HalfPlane): Ring {
  const inside = (value: number) => (plane.keep === 'at-least' ? value >= plane.value : value <= plane.value);
  const clipped: [number, number][] = [];
  let previous = ring.at(-1);
  for (const position of ring) {
    if (previous !== undefined && inside(previous[plane.axis]) !== inside(position[plane.axis])) {
      const fraction = (plane.value - previous[plane.axis]) / (position[plane.axis] - previous[plane.axis]);
      const cut: [number, number] = [
        previous[0] + fraction * (position[0] - previous[0]),
        previous[1] + fraction * (position[1] - previous[1]),
      ];
      cut[plane.axis] = plane.value;
      clipped.push(cut);
    }
    if (inside(position[plane.axis])) clipped.push([position[0], position[1]]);
    previous = position;
  }
  return clipped;
}
