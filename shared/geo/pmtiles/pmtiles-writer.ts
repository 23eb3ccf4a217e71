import { firstTileId, tileFromId } from '../tiles/tile-id.ts';
import { checkZoomRange } from '../tiles/zoom-range.ts';
import type { PartSink } from '../upload/part-sink.ts';
import { PartUploader } from '../upload/part-uploader.ts';
import { ContentIndex } from './content-index.ts';
import { DirectoryBuilder } from './directory-builder.ts';
import * as errors from './errors.ts';
import {
  encodeHeader,
  HEADER_BYTES,
  type Center,
  type DegreeBounds,
  type TileCompression,
  type TileType,
} from './header.ts';
import { encodeMetadata } from './metadata.ts';

/** Largest tile: 64 MiB. */
export const MAX_TILE_BYTES = 64 * 1024 * 1024;

export interface PmtilesOptions {
  sink: PartSink;
  tileType: TileType;
  /** How the tiles that are added are compressed already. */
  tileCompression: TileCompression;
  /** JSON object; its keys keep their order. */
  metadata: Readonly<Record<string, unknown>>;
  bounds: DegreeBounds;
  /** Zooms that tiles may have; the header states those of the first and last tile, or these when there is none. */
  minzoom: number;
  maxzoom: number;
  center: Center;
  /** About the size of the archive: chooses the size of the parts, and nothing that shows in the archive. */
  expectedBytes: number;
  signal?: AbortSignal;
}

export interface PmtilesSummary {
  /** Size of the archive. */
  bytes: number;
  /** Tiles that were added. */
  addressedTiles: number;
  /** Runs of tiles with the same content. */
  tileEntries: number;
  /** Different contents stored. */
  tileContents: number;
}

export interface PmtilesWriter {
  /**
   * Adds a tile; the bytes are copied. Await each before the next.
   * @throws LonghaulError `tile-out-of-order`, `tile-outside-zooms`, `tile-empty`, `tile-too-large`,
   *   `archive-too-large`, `archive-misused` (final); whatever the sink rejects with; the signal's reason
   */
  add(tileId: number, bytes: Uint8Array): Promise<void>;
  /** Writes directories and header and completes the sink. An archive without tiles is one with an empty root. */
  finish(): Promise<PmtilesSummary>;
  /** Gives the archive up: waits for the parts in flight, then aborts the sink. */
  abort(): Promise<void>;
}

/**
 * Writes a PMTiles archive, version 3, in one pass and bounded memory: tiles are sent as they come, directories are
 * compressed on the way and stand behind them, and the beginning, which depends on all, is sent last as part 1.
 * Clustered; equal contents are stored once; the same tiles give the same bytes. When `add` or `finish` rejects, no part
 * is in flight any more; the sink is then still to be aborted.
 * @throws LonghaulError `zoom-out-of-range`, `minzoom-above-maxzoom`, `metadata-too-large` (final)
 */
export function createPmtilesWriter(options: PmtilesOptions): PmtilesWriter {
  const { sink, minzoom, maxzoom, signal } = options;
  checkZoomRange(minzoom, maxzoom);
  const metadata = encodeMetadata(options.metadata);
  const uploader = new PartUploader(sink, options.expectedBytes, signal, undefined, {
    tooLarge: errors.archiveTooLarge,
  });
  const contents = new ContentIndex();
  const directories = new DirectoryBuilder();
  let firstId: number | undefined;
  let lastId = -1;
  let addressedTiles = 0;
  let tileContents = 0;
  let dataBytes = 0;
  let state: 'open' | 'busy' | 'closed' = 'open';

  async function exclusively<T>(run: () => Promise<T>): Promise<T> {
    if (state !== 'open') throw errors.archiveMisused(`The archive is ${state}.`);
    state = 'busy';
    try {
      const result = await run();
      state = 'open';
      return result;
    } catch (error) {
      state = 'closed';
      await uploader.settle();
      throw error;
    }
  }

  async function add(tileId: number, bytes: Uint8Array): Promise<void> {
    signal?.throwIfAborted();
    checkTile(tileId, bytes);
    firstId ??= tileId;
    lastId = tileId;
    addressedTiles++;
    const offset = contents.place(bytes, dataBytes);
    directories.add(tileId, offset, bytes.length);
    if (offset < dataBytes) return;
    tileContents++;
    dataBytes += bytes.length;
    await uploader.append(bytes);
  }

  function checkTile(tileId: number, bytes: Uint8Array): void {
    if (!(Number.isInteger(tileId) && tileId >= firstTileId(minzoom) && tileId < firstTileId(maxzoom + 1))) {
      throw errors.tileOutsideZooms(tileId, minzoom, maxzoom);
    }
    if (tileId <= lastId) throw errors.tileOutOfOrder(tileId, lastId);
    if (bytes.length === 0) throw errors.tileEmpty(tileId);
    if (bytes.length > MAX_TILE_BYTES) throw errors.tileTooLarge(tileId, bytes.length, MAX_TILE_BYTES);
  }

  async function finish(): Promise<PmtilesSummary> {
    const { root, leaves } = await directories.finish(signal);
    for (const leaf of leaves) await uploader.append(leaf);
    const leafBytes = leaves.reduce((sum, leaf) => sum + leaf.length, 0);
    const metadataOffset = HEADER_BYTES + root.length;
    const dataOffset = metadataOffset + metadata.length;
    const zooms = [
      firstId === undefined ? minzoom : tileFromId(firstId).zoom,
      firstId === undefined ? maxzoom : tileFromId(lastId).zoom,
    ] as const;
    const header = encodeHeader({
      root: { offset: HEADER_BYTES, length: root.length },
      metadata: { offset: metadataOffset, length: metadata.length },
      tileData: { offset: dataOffset, length: dataBytes },
      leaves: { offset: dataOffset + dataBytes, length: leafBytes },
      addressedTiles,
      tileEntries: directories.count,
      tileContents,
      tileType: options.tileType,
      tileCompression: options.tileCompression,
      minzoom: zooms[0],
      maxzoom: zooms[1],
      bounds: options.bounds,
      center: { ...options.center, zoom: Math.max(zooms[0], Math.min(zooms[1], options.center.zoom)) },
    });
    await uploader.finish(Buffer.concat([header, root, metadata]));
    const bytes = dataOffset + dataBytes + leafBytes;
    return { bytes, addressedTiles, tileEntries: directories.count, tileContents };
  }

  return {
    add: (tileId, bytes) => exclusively(() => add(tileId, bytes)),
    finish: async () => {
      const summary = await exclusively(finish);
      state = 'closed';
      return summary;
    },
    abort: async () => {
      state = 'closed';
      await uploader.settle();
      await sink.abort();
    },
  };
}
