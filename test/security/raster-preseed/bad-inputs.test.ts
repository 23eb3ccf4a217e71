import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import rasterPreseed from '../../../shared/processes/raster-preseed/process.ts';
import { makeTiff, type TiffOptions } from '../../helpers/make-tiff.ts';
import { contextOver, parseInputs, sourceUrl, type Files } from '../../unit/processes/raster-preseed/run-process.ts';

const SCENE: TiffOptions = {
  width: 256,
  height: 256,
  bands: 3,
  tileSize: 128,
  compression: 'deflate',
  overviews: 1,
  epsg: 32633,
  origin: [500_000, 5_300_000],
  resolution: 10,
};

const SOURCE_FIELD = '/inputs/datasets/0/source';
const scene = (options: Partial<TiffOptions> = {}) => makeTiff({ ...SCENE, ...options });

/** A TIFF of 64 bytes whose one directory is followed by itself. */
function ifdLoop(): Uint8Array {
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  view.setUint16(8, 1, true);
  view.setUint16(10, 256, true);
  view.setUint16(12, 3, true);
  view.setUint32(14, 1, true);
  view.setUint32(22, 8, true);
  return bytes;
}

interface BadInput {
  what: string;
  /** The source; absent: there is no such object. */
  bytes?: Uint8Array;
  inputs?: Record<string, unknown>;
  dataset?: Record<string, unknown>;
  code: string;
  field: string;
}

const BAD_INPUTS: BadInput[] = [
  {
    what: 'no TIFF',
    bytes: new TextEncoder().encode('<html>not here</html>'),
    code: 'not-a-tiff',
    field: SOURCE_FIELD,
  },
  { what: 'an empty file', bytes: new Uint8Array(1), code: 'not-a-tiff', field: SOURCE_FIELD },
  { what: 'a truncated header', bytes: scene().subarray(0, 100), code: 'raster-truncated', field: SOURCE_FIELD },
  { what: 'a loop of directories', bytes: ifdLoop(), code: 'raster-ifd-loop', field: SOURCE_FIELD },
  { what: 'no CRS', bytes: scene({ epsg: null }), code: 'raster-crs-missing', field: SOURCE_FIELD },
  { what: 'an unknown EPSG code', bytes: scene({ epsg: 29999 }), code: 'raster-crs-unknown', field: SOURCE_FIELD },
  { what: 'no georeference', bytes: scene({ origin: null }), code: 'raster-transform-missing', field: SOURCE_FIELD },
  {
    what: 'a raster without area',
    bytes: scene({ transform: [0, 0, 500_000, 0, -10, 5_300_000] }),
    code: 'raster-zero-area',
    field: SOURCE_FIELD,
  },
  { what: 'a missing object', code: 'source-not-found', field: SOURCE_FIELD },
  {
    what: 'a bbox outside of the source',
    bytes: scene(),
    inputs: { bbox: [-70, -30, -69, -29] },
    code: 'coverage-empty',
    field: '/inputs/bbox',
  },
  {
    what: 'a bbox upside down',
    bytes: scene(),
    inputs: { bbox: [15, 48, 16, 47] },
    code: 'area-invalid',
    field: '/inputs/bbox',
  },
  {
    what: 'an area that is not closed',
    bytes: scene(),
    inputs: {
      area: {
        type: 'Polygon',
        coordinates: [
          [
            [15, 47],
            [16, 47],
            [16, 48],
            [15, 48],
          ],
        ],
      },
    },
    code: 'area-invalid',
    field: '/inputs/area/coordinates/0',
  },
  {
    what: 'minzoom above maxzoom',
    bytes: scene(),
    inputs: { minzoom: 12, maxzoom: 10 },
    code: 'minzoom-above-maxzoom',
    field: '/inputs/minzoom',
  },
  {
    what: 'minzoom above the zoom of the source',
    bytes: scene(),
    inputs: { minzoom: 20, maxzoom: 19 },
    code: 'minzoom-above-maxzoom',
    field: '/inputs/minzoom',
  },
  {
    what: '10¹² tiles',
    bytes: scene({ epsg: 4326, origin: [-60, 60], resolution: 0.46 }),
    inputs: { maxzoom: 21 },
    code: 'too-many-tiles',
    field: '/inputs/maxzoom',
  },
  {
    what: 'a band that is not there',
    bytes: scene(),
    dataset: { bands: [1, 2, 7] },
    code: 'band-missing',
    field: '/inputs/datasets/0/bands/2',
  },
  {
    what: 'more value ranges than bands',
    bytes: scene(),
    dataset: {
      bands: [1],
      rescale: [
        [0, 1],
        [0, 2],
        [0, 3],
      ],
    },
    code: 'rescale-mismatch',
    field: '/inputs/datasets/0/rescale',
  },
];

async function rejection(run: () => Promise<unknown>): Promise<LonghaulError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof LonghaulError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('raster-preseed, given what it cannot use', () => {
  it.each(BAD_INPUTS)('refuses $what with $code, in the estimate and in the plan', async (bad) => {
    const files: Files = bad.bytes === undefined ? {} : { 'scene.tif': { bytes: bad.bytes } };
    const inputs = parseInputs({ datasets: [{ source: sourceUrl('scene.tif'), ...bad.dataset }], ...bad.inputs });
    const context = contextOver(files);
    const refusals = [() => rasterPreseed.estimate!(context, inputs), () => rasterPreseed.plan(context, inputs)];
    for (const refusal of refusals) {
      const error = await rejection(refusal);
      expect(error).toMatchObject({ code: bad.code, field: bad.field, retryable: false });
      expect(error.detail).toMatch(/\.$/);
      expect(error.remedy).toMatch(/\.$/);
    }
  });

  it('refuses a large source without overviews at a low zoom, and says which zoom would do', async () => {
    // One block, stored once for all: only the header is read.
    const bytes = makeTiff({
      ...SCENE,
      bands: 1,
      width: 40_000,
      height: 40_000,
      tileSize: 512,
      overviews: 0,
      sparse: () => true,
    });
    const inputs = parseInputs({ datasets: [{ source: sourceUrl('scene.tif') }], minzoom: 5 });
    const error = await rejection(() => rasterPreseed.plan(contextOver({ 'scene.tif': { bytes } }), inputs));
    expect(error).toMatchObject({ code: 'raster-overviews-missing', field: '/inputs/minzoom' });
    const lowest = Number(/at least (\d+)/.exec(error.remedy ?? '')?.[1]);
    const retried = parseInputs({ datasets: [{ source: sourceUrl('scene.tif') }], minzoom: lowest });
    await expect(rasterPreseed.plan(contextOver({ 'scene.tif': { bytes } }), retried)).resolves.toBeDefined();
  });

  it('keeps a retryable error of a source retryable, with its field', async () => {
    const onRead = () => {
      throw new LonghaulError({ code: 'source-unavailable', retryable: true, detail: 'Down.', retryAfterMs: 5000 });
    };
    const files: Files = { 'scene.tif': { bytes: scene(), onRead } };
    const inputs = parseInputs({ datasets: [{ source: sourceUrl('scene.tif') }] });
    const error = await rejection(() => rasterPreseed.plan(contextOver(files), inputs));
    expect(error).toMatchObject({ retryable: true, field: SOURCE_FIELD, retryAfterMs: 5000 });
  });

  it('names the dataset that is wrong', async () => {
    const datasets = [{ source: sourceUrl('scene.tif') }, { source: sourceUrl('missing.tif') }];
    const files: Files = { 'scene.tif': { bytes: scene() } };
    const error = await rejection(() => rasterPreseed.plan(contextOver(files), parseInputs({ datasets })));
    expect(error.field).toBe('/inputs/datasets/1/source');
  });

  it('puts nothing of a signed URL into the archive but the name of the file', async () => {
    const { tilesetMetadata } = await import('../../../shared/processes/raster-preseed/tileset-metadata.ts');
    const plan = await rasterPreseed.plan(
      contextOver({ 'scene.tif': { bytes: scene() } }),
      parseInputs({ datasets: [{ source: `${sourceUrl('scene.tif')}?X-Amz-Signature=secret` }] }),
    );
    const inputs = parseInputs({ datasets: [{ source: sourceUrl('scene.tif') }] });
    const dataset = plan.datasets[0] as Parameters<typeof tilesetMetadata>[0];
    expect(JSON.stringify(tilesetMetadata(dataset, inputs, [0, 0, 1, 1]))).not.toContain('secret');
  });
});
