import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { PartSink } from '../../shared/geo/pmtiles/part-uploader.ts';
import { createPmtilesWriter } from '../../shared/geo/pmtiles/pmtiles-writer.ts';
import { firstTileId } from '../../shared/geo/tiles/tile-id.ts';

/**
 * Writes tiles to a sink that drops them, and prints tiles per second and peak memory:
 * `node test/bench/pmtiles.ts [--tiles 1000000] [--bytes 100]`.
 */
const { values } = parseArgs({
  options: { tiles: { type: 'string', default: '1000000' }, bytes: { type: 'string', default: '100' } },
});
const tiles = Number(values.tiles);
const tileBytes = Number(values.bytes);
const zoom = 14;

const sink: PartSink = { putPart: async () => {}, complete: async () => {}, abort: async () => {} };
const writer = createPmtilesWriter({
  sink,
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
const tile = Buffer.alloc(tileBytes);
for (let number = 0; number < tiles; number++) {
  // Each fourth tile is one of 1,000 that come back; lengths vary, so that the directories do not compress away.
  tile.writeUInt32LE(number % 4 === 0 ? number % 4000 : number, 0);
  await writer.add(firstTileId(zoom) + number, tile.subarray(0, tileBytes - (number % 37)));
}
const added = performance.now();
const summary = await writer.finish();
const seconds = (performance.now() - started) / 1000;
console.log(
  JSON.stringify({
    ...summary,
    seconds: round(seconds),
    finishSeconds: round((performance.now() - added) / 1000),
    tilesPerSecond: Math.round(tiles / seconds),
    peakMemoryMiB: await peakMemoryMiB(),
  }),
);

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Peak resident memory of this process: `VmHWM` on Linux, the current value elsewhere. */
async function peakMemoryMiB(): Promise<number> {
  const status = process.platform === 'linux' ? await readFile('/proc/self/status', 'utf8') : '';
  const kibibytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.memoryUsage().rss / 1024);
  return Math.round(kibibytes / 1024);
}
