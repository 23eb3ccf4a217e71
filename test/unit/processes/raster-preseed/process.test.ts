import { PMTiles } from 'pmtiles';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../../shared/errors/longhaul-error.ts';
import { tileFromId } from '../../../../shared/geo/tiles/tile-id.ts';
import { tileAt, tileBounds } from '../../../../shared/geo/tiles/web-mercator-quad.ts';
import rasterPreseed from '../../../../shared/processes/raster-preseed/process.ts';
import { makeTiff, type TiffOptions } from '../../../helpers/make-tiff.ts';
import { verifyPmtiles } from '../../../helpers/verify-pmtiles.ts';
import { compareWithReference, onEdge } from '../../geo/warp/compare-with-reference.ts';
import { noise } from '../../geo/warp/memory-raster.ts';
import { referenceWarp } from '../../geo/warp/reference-warp.ts';
import { contextOver, finishDataset, parseInputs, planOf, runDataset, runJob, sourceUrl } from './run-process.ts';

const SIZE = 500;
const EPSG = 32633;
const TRANSFORM = [10, 0, 500_000, 0, -10, 5_300_000] as const;
const SCENE: TiffOptions = {
  width: SIZE,
  height: SIZE,
  bands: 3,
  tileSize: 128,
  compression: 'deflate',
  predictor: 2,
  overviews: 2,
  epsg: EPSG,
  transform: TRANSFORM,
  value: noise,
};

const inputs = { datasets: [{ source: sourceUrl('scene.tif') }], minzoom: 10, maxzoom: 14 };
/** The scene without errors. */
let scene: Uint8Array;
/** What an undisturbed run makes. */
let undisturbed: Awaited<ReturnType<typeof runJob>>;

beforeAll(async () => {
  scene = makeTiff(SCENE);
  undisturbed = await runJob({ 'scene.tif': { bytes: scene } }, inputs);
});

describe('raster-preseed', () => {
  it('makes an archive that is valid and says what it holds', () => {
    const { tileset, dataset, counts } = undisturbed;
    const archive = verifyPmtiles(undisturbed.archive);
    expect(archive).toMatchObject({ minzoom: 10, maxzoom: 14, addressedTiles: counts.done });
    expect(archive.metadata).toMatchObject({ name: 'scene', format: 'png', source: 'scene.tif', minzoom: 10 });
    expect(counts).toMatchObject({ done: dataset.units, failed: 0, skipped: 0 });
    expect(tileset).toMatchObject({ dataset: 'scene', bytes: undisturbed.archive.length, tiles: dataset.units });
    expect(tileset.bounds.map((degree) => Math.round(degree * 100) / 100)).toEqual([15, 47.81, 15.07, 47.85]);
  });

  it('makes an archive that the pmtiles package reads', async () => {
    const { archive } = undisturbed;
    const source = {
      getKey: () => 'scene',
      getBytes: async (offset: number, length: number) => ({
        data: Uint8Array.from(archive.subarray(offset, offset + length)).buffer,
      }),
    };
    const reader = new PMTiles(source);
    expect(await reader.getMetadata()).toMatchObject({ name: 'scene' });
    const { zoom, column, row } = tileAt(15.03, 47.83, 14);
    const tile = await reader.getZxy(zoom, column, row);
    expect(await sharp(new Uint8Array(tile!.data)).metadata()).toMatchObject({ format: 'png', width: 256 });
  });

  it('shows in the tiles what an exact projection of every pixel does', async () => {
    // At zoom 14 a pixel is 6.4 m on the ground: the tiles are made from the full resolution.
    const tiles = [...verifyPmtiles(undisturbed.archive).tiles].filter(([id]) => tileFromId(id).zoom === 14);
    expect(tiles.length).toBeGreaterThan(9);
    for (const [id, bytes] of [tiles[0]!, tiles[5]!, tiles.at(-1)!]) {
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      const pixels = { width: 256, height: 256, channels: info.channels as 3 | 4, data: new Uint8Array(data) };
      const raster = { width: SIZE, height: SIZE, epsg: EPSG, transform: TRANSFORM };
      const reference = referenceWarp(raster, tileBounds(tileFromId(id)), 256, 'bilinear');
      const result = compareWithReference(pixels, reference, onEdge(SIZE, SIZE));
      expect(result.visibilityErrors).toBe(0);
      expect(result.compared).toBeGreaterThan(0);
      expect(result.worst).toBeLessThanOrEqual(1);
    }
  });

  it('makes the same bytes again, whatever the size of the chunks', async () => {
    const again = await runJob({ 'scene.tif': { bytes: scene } }, inputs, 7);
    expect(again.payloads.length).toBeGreaterThan(3);
    expect(Buffer.compare(again.archive, undisturbed.archive)).toBe(0);
  });

  it('reports the tiles that a broken block makes fail and goes on; a retry of them gives the undisturbed bytes', async () => {
    const broken = Uint8Array.from(scene);
    // Somewhere in the middle of the full resolution, which comes first.
    broken.fill(0xff, Math.round(scene.length * 0.3), Math.round(scene.length * 0.3) + 64);
    const context = contextOver({ 'scene.tif': { bytes: broken } });
    const dataset = (await planOf(context, inputs)).datasets[0]!;
    const first = await runDataset(context, inputs, dataset);
    expect(first.counts.failed).toBeGreaterThan(0);
    expect(first.counts.done).toBeGreaterThan(first.counts.failed);
    expect(first.errors[0]).toMatchObject({ dataset: 'scene', code: 'raster-block-corrupt' });
    expect(first.errors[0]!.unit).toMatch(/^1[34]\/\d+\/\d+$/);

    const selection = first.errors.map(({ number }) => ({ start: number, end: number + 1 }));
    const retry = { ...dataset, units: selection.length, selection };
    const healed = contextOver({ 'scene.tif': { bytes: scene } });
    const second = await runDataset(healed, inputs, retry);
    expect(second.counts).toMatchObject({ done: selection.length, failed: 0 });
    const { archive } = await finishDataset(healed, inputs, retry, [second, first]);
    expect(Buffer.compare(archive, undisturbed.archive)).toBe(0);
  });

  it('counts empty tiles as skipped and leaves them out', async () => {
    const half = makeTiff({ ...SCENE, nodata: 0, value: (column) => (column < 250 ? 0 : 90), overviews: 0 });
    const job = await runJob(
      { 'half.tif': { bytes: half } },
      { ...inputs, datasets: [{ source: sourceUrl('half.tif') }] },
    );
    expect(job.counts.skipped).toBeGreaterThan(3);
    expect(job.counts.done + job.counts.skipped).toBe(job.dataset.units);
    expect(verifyPmtiles(job.archive).addressedTiles).toBe(job.counts.done);
  });

  it('shows 16 bits between percentiles that the plan holds, the same for every chunk', async () => {
    const options: TiffOptions = { ...SCENE, bands: 1, sampleType: 'uint16', value: (column) => 1000 + column * 20 };
    const files = { 'deep.tif': { bytes: makeTiff(options) } };
    const job = await runJob(files, { ...inputs, datasets: [{ source: sourceUrl('deep.tif') }] }, 5);
    const [[min, max]] = job.dataset.detail.rescale as unknown as [[number, number]];
    expect(job.dataset.detail.rescaleEstimated).toBe(true);
    expect(Math.abs(min - 1200)).toBeLessThan(150);
    expect(Math.abs(max - 10_800)).toBeLessThan(150);
    expect(verifyPmtiles(job.archive).metadata).toMatchObject({ rescaleEstimated: true });
  });

  it('selects the units inside a polygon', async () => {
    const { dataset } = undisturbed;
    const ring = [
      [15.03, 47.82],
      [15.04, 47.82],
      [15.04, 47.83],
      [15.03, 47.83],
      [15.03, 47.82],
    ];
    const ranges = rasterPreseed.selectUnits!(dataset, { type: 'Polygon', coordinates: [ring] });
    const units = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(units).toBeGreaterThanOrEqual(5);
    expect(units).toBeLessThan(dataset.units / 2);
  });

  it('ends a chunk whose source was replaced', async () => {
    const dataset = (await planOf(contextOver({ 'scene.tif': { bytes: scene } }), inputs)).datasets[0]!;
    const later = contextOver({ 'scene.tif': { bytes: scene, etag: '"2"' } });
    await expect(runDataset(later, inputs, dataset)).rejects.toMatchObject({
      code: 'source-replaced',
      retryable: false,
    });
  });

  it.each([
    ['source-unavailable', true],
    ['source-replaced', false],
  ])('ends a chunk in which reading fails with %s', async (code, retryable) => {
    const dataset = undisturbed.dataset;
    let reads = 0;
    const onRead = () => {
      if (++reads > 3) throw new LonghaulError({ code, retryable, detail: 'Reading failed.' });
    };
    const context = contextOver({ 'scene.tif': { bytes: scene, onRead } });
    await expect(runDataset(context, inputs, dataset)).rejects.toMatchObject({ code, retryable });
  });

  it('ends a chunk that is aborted with the reason', async () => {
    const abort = new AbortController();
    let reads = 0;
    const onRead = () => {
      if (++reads > 3) abort.abort(new Error('cancelled'));
    };
    const context = contextOver({ 'scene.tif': { bytes: scene, onRead } }, abort.signal);
    await expect(runDataset(context, inputs, undisturbed.dataset)).rejects.toThrow('cancelled');
  });

  it('gives an upload up when a stored chunk is corrupt', async () => {
    const { dataset, payloads, counts } = undisturbed;
    const layer = { payloads: [payloads[0]!.subarray(0, 100)], counts, errors: [] };
    const finishing = finishDataset(contextOver({}), inputs, dataset, [layer]);
    await expect(finishing).rejects.toMatchObject({ code: 'tile-payload-corrupt' });
  });

  it('estimates the units that it plans', async () => {
    const estimate = await rasterPreseed.estimate!(contextOver({ 'scene.tif': { bytes: scene } }), parseInputs(inputs));
    expect(estimate).toMatchObject({ units: undisturbed.dataset.units, chunks: undisturbed.payloads.length });
    expect(estimate.detail).toMatchObject({ datasets: [{ dataset: 'scene', crs: 'EPSG:32633', advisories: [] }] });
    for (const range of [estimate.bytes, estimate.seconds, estimate.dollars])
      expect(range.low).toBeLessThan(range.high);
    expect(estimate.bytes.low).toBeLessThan(undisturbed.archive.length);
    expect(estimate.bytes.high).toBeGreaterThan(undisturbed.archive.length / 3);
  });
});
