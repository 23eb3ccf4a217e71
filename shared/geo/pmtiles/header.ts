/** Size of the header. */
export const HEADER_BYTES = 127;

/** Numbers of tile types (PMTiles version 3, "Header Design"). */
const TILE_TYPES = { mvt: 1, png: 2, jpeg: 3, webp: 4, avif: 5 } as const;
export type TileType = keyof typeof TILE_TYPES;

/** Numbers of compressions. */
const COMPRESSIONS = { none: 1, gzip: 2 } as const;
export type TileCompression = keyof typeof COMPRESSIONS;

const VERSION = 3;

/** The coordinates of a header are in units of 10⁻⁷ degrees. */
const UNITS_PER_DEGREE = 1e7;

export interface Section {
  /** From the start of the archive, in bytes. */
  offset: number;
  /** In bytes. */
  length: number;
}

/** West, south, east, north in degrees. */
export type DegreeBounds = readonly [west: number, south: number, east: number, north: number];

export interface Center {
  /** In degrees. */
  longitude: number;
  latitude: number;
  zoom: number;
}

export interface Header {
  root: Section;
  metadata: Section;
  leaves: Section;
  tileData: Section;
  /** Tiles, each of a run counted. */
  addressedTiles: number;
  /** Entries of all directories that are no leaf directories. */
  tileEntries: number;
  /** Different contents in the tile data. */
  tileContents: number;
  tileType: TileType;
  tileCompression: TileCompression;
  minzoom: number;
  maxzoom: number;
  bounds: DegreeBounds;
  center: Center;
}

/** Writes the header of an archive that is clustered and whose directories and metadata are compressed with gzip. */
export function encodeHeader(header: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('PMTiles'));
  bytes[7] = VERSION;
  const numbers = [header.root, header.metadata, header.leaves, header.tileData].flatMap(({ offset, length }) => [
    offset,
    length,
  ]);
  numbers.push(header.addressedTiles, header.tileEntries, header.tileContents);
  for (const [index, number] of numbers.entries()) view.setBigUint64(8 + index * 8, BigInt(number), true);
  bytes[96] = 1;
  bytes[97] = COMPRESSIONS.gzip;
  bytes[98] = COMPRESSIONS[header.tileCompression];
  bytes[99] = TILE_TYPES[header.tileType];
  bytes[100] = header.minzoom;
  bytes[101] = header.maxzoom;
  for (const [index, degrees] of header.bounds.entries()) {
    view.setInt32(102 + index * 4, Math.round(degrees * UNITS_PER_DEGREE), true);
  }
  bytes[118] = header.center.zoom;
  view.setInt32(119, Math.round(header.center.longitude * UNITS_PER_DEGREE), true);
  view.setInt32(123, Math.round(header.center.latitude * UNITS_PER_DEGREE), true);
  return bytes;
}
