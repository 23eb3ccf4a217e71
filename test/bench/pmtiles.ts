import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { PMTiles, tileIdToZxy } from 'pmtiles';
import type { PartSink } from '../../shared/geo/upload/part-sink.ts';
import { createPmtilesWriter } from '../../shared/geo/pmtiles/pmtiles-writer.ts';
import { firstTileId } from '../../shared/geo/tiles/tile-id.ts';
import { MemorySink } from '../helpers/memory-sink.ts';
import { verifyPmtiles } from '../helpers/verify-pmtiles.ts';

/**
 * Writes tiles to a sink that drops them, and prints tiles per second and the peak memory of the process:
 * `node test/bench/pmtiles.ts [--tiles 1000000] [--bytes 100] [--verify]`. With `--verify` the archive is kept and then
 * checked: all invariants, and 10,000 tiles through the reference reader.
 */
const { values } = parseArgs({
  options: {
    tiles: { type: 'string', default: '1000000' },
    bytes: { type: 'string', default: '100' },
    verify: { type: 'boolean', default: false },
  },
});
const tiles = Number(values.tiles);
const tileBytes = Number(values.bytes);
const zoom = 14;
const firstId = firstTileId(zoom);
const SAMPLES = 10_000;

const nullSink: PartSink = { putPart: async () => {}, complete: async () => {}, abort: async () => {} };
const memorySink = new MemorySink();
const writer = createPmtilesWriter({
  sink: values.verify ? memorySink : nullSink,
  tileType: 'png',
  tileCompression: 'none',
  metadata: { name: 'bench' },
  bounds: [-180, -85, 180, 85],
  minzoom: zoom,
  maxzoom: zoom,
  center: { longitude: 0, latitude: 0, zoom },
  expectedBytes: tiles * tileBytes,
});

const started = performance.now();
for (let number = 0; number < tiles; number++) await writer.add(firstId + number, makeTile(number));
const summary = await writer.finish();
const seconds = (performance.now() - started) / 1000;
console.log(
  JSON.stringify({
    ...summary,
    seconds: Math.round(seconds * 100) / 100,
    tilesPerSecond: Math.round(tiles / seconds),
    peakMemoryMiB: await peakMemoryMiB(),
  }),
);
if (values.verify) await verify(memorySink.bytes);

/** Each fourth tile is one of 1,000 that come back; lengths vary, so that the directories do not compress away. */
function makeTile(number: number): Uint8Array {
  const tile = Buffer.alloc(tileBytes - (number % 37));
  tile.writeUInt32LE(number % 4 === 0 ? number % 4000 : number, 0);
  return tile;
}

/** @throws Error when the archive is not what was written */
async function verify(archive: Uint8Array): Promise<void> {
  const verified = verifyPmtiles(archive);
  const reader = new PMTiles({
    getKey: () => 'memory',
    getBytes: async (offset, length) => ({
      data: new Uint8Array(archive.subarray(offset, offset + length)).buffer,
    }),
  });
  const step = Math.max(1, Math.floor(tiles / SAMPLES));
  for (let number = 0; number < tiles; number += step) {
    const found = await reader.getZxy(...tileIdToZxy(firstId + number));
    if (found === undefined || Buffer.compare(Buffer.from(found.data), makeTile(number)) !== 0) {
      throw new Error(`tile ${number} is not what was written`);
    }
  }
  const { addressedTiles, leafDirectories } = verified;
  console.log(
    JSON.stringify({ verified: true, addressedTiles, leafDirectories, sampledTiles: Math.ceil(tiles / step) }),
  );
}

/** Peak resident memory of this process: `VmHWM` on Linux, the current value elsewhere. */
async function peakMemoryMiB(): Promise<number> {
  const status = process.platform === 'linux' ? await readFile('/proc/self/status', 'utf8') : '';
  const kibibytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.memoryUsage().rss / 1024);
  return Math.round(kibibytes / 1024);
}
