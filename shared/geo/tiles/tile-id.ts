import { MAX_ZOOM, type Tile } from './web-mercator-quad.ts';

/** Id of the first tile of a zoom: the number of tiles of all zooms above it. */
export function firstTileId(zoom: number): number {
  return (4 ** zoom - 1) / 3;
}

/**
 * The PMTiles id of a tile: zooms after each other, and within a zoom the position on the Hilbert curve (PMTiles
 * version 3, "Entries"). Exact in a double up to MAX_ZOOM. The id of a parent orders its children:
 * children of the n-th tile of a zoom are the tiles 4n … 4n+3 of the next.
 * @throws RangeError when there is no such tile
 */
export function tileId(zoom: number, column: number, row: number): number {
  const tiles = 2 ** zoom;
  if (!isIndex(zoom, MAX_ZOOM + 1) || !isIndex(column, tiles) || !isIndex(row, tiles)) {
    throw new RangeError(`tile ${zoom}/${column}/${row} does not exist`);
  }
  let index = 0;
  // The curve within a quadrant is the whole curve, its axes swapped and both mirrored or not.
  let swap = 0;
  let flip = 0;
  for (let bit = zoom - 1; bit >= 0; bit--) {
    const x = ((column >> bit) & 1) ^ flip;
    const y = ((row >> bit) & 1) ^ flip;
    const along = swap ? y : x;
    const across = swap ? x : y;
    index = index * 4 + ((3 * along) ^ across);
    if (across === 0) {
      flip ^= along;
      swap ^= 1;
    }
  }
  return firstTileId(zoom) + index;
}

/**
 * The tile of a PMTiles id; the inverse of `tileId`.
 * @throws RangeError when no tile up to MAX_ZOOM has this id
 */
export function tileFromId(id: number): Tile {
  if (!isIndex(id, firstTileId(MAX_ZOOM + 1))) throw new RangeError(`no tile up to zoom ${MAX_ZOOM} has the id ${id}`);
  let zoom = 0;
  while (firstTileId(zoom + 1) <= id) zoom++;
  const index = id - firstTileId(zoom);
  let column = 0;
  let row = 0;
  let swap = 0;
  let flip = 0;
  for (let level = zoom - 1; level >= 0; level--) {
    const digit = Math.floor(index / 4 ** level) % 4;
    const along = digit >> 1;
    const across = (digit & 1) ^ along;
    column = column * 2 + ((swap ? across : along) ^ flip);
    row = row * 2 + ((swap ? along : across) ^ flip);
    if (across === 0) {
      flip ^= along;
      swap ^= 1;
    }
  }
  return { zoom, column, row };
}

function isIndex(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end;
}
