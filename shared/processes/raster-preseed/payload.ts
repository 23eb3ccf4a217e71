import { payloadCorrupt } from './errors.ts';

/** One unit of a chunk that was made. */
export interface MadeTile {
  /** PMTiles id. */
  tileId: number;
  /** Empty when the tile would be transparent altogether. */
  bytes: Uint8Array;
}

/** First bytes: `LHT` and the version of the format. */
const MAGIC = 0x01_54_48_4c;

/** Magic and number of tiles, 4 bytes each. */
const HEADER_BYTES = 8;

/** Tile id (8, a double), offset into the data (4), length (4). */
const ENTRY_BYTES = 16;

/**
 * The tiles of a chunk as one block of bytes, little-endian: magic, count, an index in ascending order of tile ids, data.
 * Empty tiles stand in the index too: they say that the tile was made, and that there is nothing to see.
 */
export function encodePayload(tiles: readonly MadeTile[]): Uint8Array {
  const dataOffset = HEADER_BYTES + tiles.length * ENTRY_BYTES;
  const payload = new Uint8Array(tiles.reduce((size, { bytes }) => size + bytes.length, dataOffset));
  const view = new DataView(payload.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, tiles.length, true);
  let offset = 0;
  for (const [index, { tileId, bytes }] of tiles.entries()) {
    const entry = HEADER_BYTES + index * ENTRY_BYTES;
    view.setFloat64(entry, tileId, true);
    view.setUint32(entry + 8, offset, true);
    view.setUint32(entry + 12, bytes.length, true);
    payload.set(bytes, dataOffset + offset);
    offset += bytes.length;
  }
  return payload;
}

/**
 * Reads what `encodePayload` wrote; the bytes of the tiles are views.
 * @throws LonghaulError `tile-payload-corrupt` (final)
 */
export function* decodePayload(payload: Uint8Array): Generator<MadeTile> {
  if (payload.length < HEADER_BYTES) throw payloadCorrupt(`it has ${payload.length} bytes`);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw payloadCorrupt('it does not begin as one');
  const count = view.getUint32(4, true);
  const dataOffset = HEADER_BYTES + count * ENTRY_BYTES;
  if (dataOffset > payload.length) throw payloadCorrupt(`its index of ${count} tiles is longer than itself`);
  let previous = -1;
  for (let index = 0; index < count; index++) {
    const entry = HEADER_BYTES + index * ENTRY_BYTES;
    const tileId = view.getFloat64(entry, true);
    const start = dataOffset + view.getUint32(entry + 8, true);
    const end = start + view.getUint32(entry + 12, true);
    if (!Number.isSafeInteger(tileId) || tileId <= previous) throw payloadCorrupt(`tile ${tileId} follows ${previous}`);
    if (end > payload.length) throw payloadCorrupt(`tile ${tileId} ends at byte ${end} of ${payload.length}`);
    previous = tileId;
    yield { tileId, bytes: payload.subarray(start, end) };
  }
}
