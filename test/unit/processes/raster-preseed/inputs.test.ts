import { describe, expect, it } from 'vitest';
import { rasterPreseedInputs } from '../../../../shared/processes/raster-preseed/inputs.ts';
import { requestedDatasets } from '../../../../shared/processes/raster-preseed/requested-datasets.ts';
import { parseInputs, sourceUrl } from './run-process.ts';

const valid = { datasets: [{ source: 's3://scenes/scene.tif' }] };

/** Paths of the inputs that are refused. */
function refused(inputs: unknown): string[] {
  const { error } = rasterPreseedInputs.safeParse(inputs);
  return error?.issues.map(({ path }) => `/${path.join('/')}`) ?? [];
}

const idsOf = (...datasets: { id?: string; source: string }[]) =>
  requestedDatasets(parseInputs({ datasets })).map(({ id }) => id);

describe('rasterPreseedInputs', () => {
  it('fills in what is left out', () => {
    expect(parseInputs(valid)).toMatchObject({ format: 'png', tileSize: 256, resampling: 'bilinear', quality: 80 });
  });

  it('has a title and a description for every input', () => {
    for (const schema of Object.values(rasterPreseedInputs.shape)) {
      const { title, description } = schema.meta() ?? {};
      expect([typeof title, typeof description]).toEqual(['string', 'string']);
    }
  });

  it.each([
    [{ ...valid, zoom: 5 }, '/'],
    [{ ...valid, minzoom: 30 }, '/minzoom'],
    [{ ...valid, maxzoom: 3.5 }, '/maxzoom'],
    [{ ...valid, maxzoom: '12' }, '/maxzoom'],
    [{ ...valid, format: 'gif' }, '/format'],
    [{ ...valid, tileSize: 128 }, '/tileSize'],
    [{ ...valid, bbox: [1, 2, 3] }, '/bbox'],
    [{ ...valid, bbox: [1, 2, 3, NaN] }, '/bbox/3'],
    [{ ...valid, area: { type: 'Point', coordinates: [0, 0] } }, '/area/type'],
    [{ ...valid, toleratedFailurePercentage: 101 }, '/toleratedFailurePercentage'],
    [{ datasets: [] }, '/datasets'],
    [{ datasets: Array.from({ length: 51 }, () => valid.datasets[0]) }, '/datasets'],
    [{ datasets: [{ source: 'ftp://host/scene.tif' }] }, '/datasets/0/source'],
    [{ datasets: [{ source: 'scene.tif' }] }, '/datasets/0/source'],
    [{ datasets: [{ source: 's3://a/b', bands: [1, 2] }] }, '/datasets/0/bands'],
    [{ datasets: [{ source: 's3://a/b', bands: [0] }] }, '/datasets/0/bands/0'],
    [{ datasets: [{ source: 's3://a/b', rescale: [5, 5] }] }, '/datasets/0/rescale'],
    [{ datasets: [{ source: 's3://a/b', id: 'Not a name' }] }, '/datasets/0/id'],
    [{ datasets: [{ source: 's3://a/b', extra: 1 }] }, '/datasets/0'],
  ])('refuses %j and says where', (inputs, path) => {
    expect(refused(inputs)).toContain(path);
  });
});

describe('requestedDatasets', () => {
  it.each([
    ['s3://a/b/My%20Scene_01.tif', 'my-scene-01'],
    ['https://host/x/scene.tif?signature=secret', 'scene'],
    ['s3://bucket/...', 'dataset'],
    [`s3://a/${'long'.repeat(40)}.tif`, 'long'.repeat(14)],
  ])('names %s after its file', (source, id) => {
    expect(idsOf({ source })).toEqual([id]);
  });

  it('numbers names that are taken', () => {
    const source = sourceUrl('scene.tif');
    expect(idsOf({ source }, { source }, { id: 'scene', source })).toEqual(['scene-2', 'scene-3', 'scene']);
  });

  it('refuses the same id twice', () => {
    const dataset = { id: 'one', source: sourceUrl('scene.tif') };
    const resolve = () => idsOf(dataset, dataset);
    expect(resolve).toThrow(expect.objectContaining({ code: 'dataset-id-duplicate', field: '/inputs/datasets/1/id' }));
  });
});
