import { mkdir, rm, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { pythonWith } from './peers/python-with.ts';
import { runPinned, type PinnedRun } from './peers/run-pinned.ts';
import { formatRow, type BenchRow } from './raster/format-row.ts';

/**
 * Tiles per second of `longhaul run raster-preseed`, and of rasterio's WarpedVRT beside it, each as a whole process
 * pinned to one core: `node test/bench/raster.ts [--format png --format webp]`. Both cut the same raster (4096², UTM,
 * three bands, cloud-optimised) into the same tiles of zooms 12 to 16. Ends with exit code 1 when a target is missed.
 */
const { values } = parseArgs({
  options: { format: { type: 'string', multiple: true, default: ['png', 'webp'] } },
});

const MINZOOM = 12;
const MAXZOOM = 16;
const QUALITY = 80;

/** Speed relative to the peer that is asked for. */
const TARGETS: Readonly<Record<string, number>> = { png: 1.8, webp: 1 };

const folder = new URL('../../.longhaul/bench/', import.meta.url);
const script = (name: string) => new URL(`./raster/${name}`, import.meta.url).pathname;
const longhaul = new URL('../../cli/longhaul.mjs', import.meta.url).pathname;
const raster = new URL('utm-4096.tif', folder).pathname;

async function makeRaster(python: string): Promise<void> {
  const known = await stat(raster).catch(() => undefined);
  if (known !== undefined) return;
  console.log('making the raster …');
  await runPinned(python, ['-W', 'ignore', script('make_raster.py'), raster]);
}

/** The JSON object on the last line of what a process printed. */
function lastLine(run: PinnedRun): Record<string, number> {
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as Record<string, number>;
}

async function runLonghaul(format: string): Promise<BenchRow> {
  const archive = new URL(`tiles-${format}.pmtiles`, folder).pathname;
  await rm(archive, { force: true });
  const inputs = ['--source', raster, '--minzoom', `${MINZOOM}`, '--maxzoom', `${MAXZOOM}`];
  const output = ['--format', format, '--quality', `${QUALITY}`, '--out', archive, '--stats', '--concurrency', '1'];
  const run = await runPinned(process.execPath, [longhaul, 'run', 'raster-preseed', ...inputs, ...output]);
  const stats = lastLine(run);
  const reads = stats['rangeReads']! / stats['units']!;
  return { name: `longhaul ${format}`, ...run, tiles: stats['done']!, bytes: stats['bytes']!, readsPerTile: reads };
}

async function runPeer(python: string, format: string): Promise<BenchRow> {
  const warp = [script('warped_vrt.py'), raster, format.toUpperCase(), `${MINZOOM}`, `${MAXZOOM}`];
  const run = await runPinned(python, ['-W', 'ignore', ...warp]);
  const { tiles, bytes } = lastLine(run);
  return { name: `WarpedVRT ${format}`, ...run, tiles: tiles!, bytes: bytes! };
}

await mkdir(folder, { recursive: true });
const python = await pythonWith({
  environment: new URL('venv/', folder),
  requirements: ['rasterio==1.4.4', 'numpy==2.4.6'],
});
await makeRaster(python);
for (const format of values.format) {
  const ours = await runLonghaul(format);
  const peer = await runPeer(python, format);
  console.log(formatRow(ours));
  console.log(formatRow(peer));
  const ratio = ours.tiles / ours.seconds / (peer.tiles / peer.seconds);
  const ofCpu = ours.tiles / ours.cpuSeconds / (peer.tiles / peer.cpuSeconds);
  const target = TARGETS[format];
  const verdict =
    target === undefined ? '' : ratio >= target ? ` (target ${target}: met)` : ` (target ${target}: MISSED)`;
  console.log(`  ${ratio.toFixed(2)} × the peer by the clock${verdict}, ${ofCpu.toFixed(2)} × by processor time\n`);
  if (target !== undefined && ratio < target) process.exitCode = 1;
}
