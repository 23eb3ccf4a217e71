import { describe, expect, it } from 'vitest';
import { makeTiff, type TiffOptions } from '../../../helpers/make-tiff.ts';
import { contextOver, planOf, sourceUrl, type Files } from './run-process.ts';

const SCENE: TiffOptions = {
  width: 512,
  height: 512,
  bands: 3,
  tileSize: 256,
  compression: 'deflate',
  overviews: 1,
  epsg: 32633,
  origin: [500_000, 5_300_000],
  resolution: 10,
  value: () => 9,
};

const files = (options: Partial<TiffOptions> = {}): Files => ({
  'scene.tif': { bytes: makeTiff({ ...SCENE, ...options }) },
});
const datasets = [{ source: sourceUrl('scene.tif') }];

async function planDetail(options: Partial<TiffOptions>, dataset: object = {}) {
  const inputs = { datasets: [{ source: sourceUrl('scene.tif'), ...dataset }] };
  return (await planOf(contextOver(files(options)), inputs)).datasets[0]!.detail;
}

describe('planRasterPreseed', () => {
  it("goes from the zoom of about one tile to the source's own resolution", async () => {
    // 10 m on the ground are 14.9 m of Web Mercator at 47.8° north: nearest to zoom 13 (19.1 m) by ratio.
    expect(await planDetail({})).toMatchObject({ minzoom: 12, maxzoom: 13 });
  });

  it('pins the version of the source, and what a chunk must know', async () => {
    const plan = await planOf(contextOver(files()), { datasets });
    const [dataset] = plan.datasets;
    expect(dataset).toMatchObject({ id: 'scene', chunkUnits: 256 });
    expect(dataset!.detail).toMatchObject({ source: 's3://scenes/scene.tif', etag: '"1"', bands: [1, 2, 3] });
    expect(dataset!.units).toBe(dataset!.detail.tiles.reduce((sum, { tiles }) => sum + tiles, 0));
  });

  it('plans several datasets, each with its own zooms', async () => {
    const both: Files = { ...files(), 'fine.tif': { bytes: makeTiff({ ...SCENE, resolution: 1 }) } };
    const plan = await planOf(contextOver(both), { datasets: [...datasets, { source: sourceUrl('fine.tif') }] });
    expect(plan.datasets.map(({ id, detail }) => [id, detail.maxzoom])).toEqual([
      ['scene', 13],
      ['fine', 17],
    ]);
  });

  it('numbers only tiles that touch the bbox and the area', async () => {
    const whole = await planOf(contextOver(files()), { datasets, maxzoom: 16 });
    const bbox = [15.0, 47.83, 15.02, 47.85];
    const part = await planOf(contextOver(files()), { datasets, maxzoom: 16, bbox });
    expect(part.datasets[0]!.units).toBeLessThan(whole.datasets[0]!.units / 3);
    expect(part.datasets[0]!.numbering).not.toBe(whole.datasets[0]!.numbering);
  });

  it('gives the same numbering to the same request', async () => {
    const [one, two] = [
      await planOf(contextOver(files()), { datasets }),
      await planOf(contextOver(files()), { datasets }),
    ];
    expect(one).toEqual(two);
  });

  it.each([
    [{ bands: 1 }, {}, [[0, 255]]],
    [{ bands: 1, photometric: 'min-is-white' }, {}, [[255, 0]]],
    [{ bands: 1, sampleType: 'uint16', value: () => 700 }, {}, [[700, 701]]],
    [{ bands: 1, sampleType: 'uint16', photometric: 'min-is-white', value: () => 700 }, {}, [[701, 700]]],
    [{ bands: 1, sampleType: 'float32' }, { rescale: [-5, 40] }, [[-5, 40]]],
    [
      { bands: 4 },
      {
        bands: [4, 3, 2],
        rescale: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      },
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      { bands: 3 },
      { rescale: [10, 20] },
      [
        [10, 20],
        [10, 20],
        [10, 20],
      ],
    ],
  ] as [Partial<TiffOptions>, object, number[][]][])(
    'shows the values of %j with %j in %j',
    async (options, dataset, rescale) => {
      expect((await planDetail(options, dataset)).rescale).toEqual(rescale);
    },
  );

  it('makes chunks smaller where a tile costs more to read', async () => {
    const plain = { width: 8000, height: 8000, bands: 1, overviews: 0, tileSize: 512, sparse: () => true };
    const plan = await planOf(contextOver(files(plain)), { datasets, minzoom: 8 });
    expect(plan.datasets[0]!.chunkUnits).toBeLessThan(256);
  });

  it('makes chunks smaller for larger tiles', async () => {
    const plan = await planOf(contextOver(files()), { datasets, tileSize: 512, format: 'webp' });
    expect(plan.datasets[0]!.chunkUnits).toBe(128);
  });
});
