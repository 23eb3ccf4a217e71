import { NORTHING_FIRST, WITH_HEIGHT } from './axis-order-table.ts';

/** Which of the first two axes of a CRS comes first by its authority; latitude counts as northing. */
export type AxisOrder = 'easting-first' | 'northing-first';

let northingFirst: ReadonlySet<number> | undefined;
let withHeight: ReadonlySet<number> | undefined;

/** Order of the axes of a CRS of the EPSG register by its code; one that the register does not have is easting-first. */
export function axisOrderOf(epsg: number): AxisOrder {
  northingFirst ??= codesOf(NORTHING_FIRST);
  return northingFirst.has(epsg) ? 'northing-first' : 'easting-first';
}

/** Number of axes of a CRS of the EPSG register by its code; one that the register does not have has two. */
export function dimensionOf(epsg: number): 2 | 3 {
  withHeight ??= codesOf(WITH_HEIGHT);
  return withHeight.has(epsg) ? 3 : 2;
}

function codesOf(runs: string): ReadonlySet<number> {
  const codes = new Set<number>();
  for (const run of runs.trim().split(/\s+/)) {
    const [first, last = first] = run.split('-').map(Number);
    for (let code = first!; code <= last!; code++) codes.add(code);
  }
  return codes;
}
