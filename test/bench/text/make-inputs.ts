import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { csvRow, geoJsonFeature, makeFeature } from './make-features.ts';

/**
 * Writes the inputs of the benches of vector formats, the same bytes each time:
 * `node test/bench/text/make-inputs.ts --folder <folder> [--features 530000]`.
 */
const { values } = parseArgs({
  options: { folder: { type: 'string' }, features: { type: 'string', default: '530000' } },
});
if (values.folder === undefined) throw new Error('Name the folder that the files go to: --folder <folder>.');
const { folder } = values;
const features = Number(values.features);
await mkdir(folder, { recursive: true });

await write('polygons.geojson', '{"type":"FeatureCollection","features":[\n', ',\n', '\n]}\n', (number) =>
  geoJsonFeature(makeFeature(number)),
);
await write('polygons.geojsonl', '', '\n', '\n', (number) => geoJsonFeature(makeFeature(number)));
await write('polygons.csv', 'id,name,cls,area,wkt\n', '\n', '\n', (number) => csvRow(makeFeature(number)));

async function write(
  name: string,
  head: string,
  separator: string,
  tail: string,
  make: (number: number) => string,
): Promise<void> {
  const file = createWriteStream(path.join(folder, name));
  file.write(head);
  const BATCH = 1000;
  for (let first = 0; first < features; first += BATCH) {
    const count = Math.min(BATCH, features - first);
    const texts = Array.from({ length: count }, (_, index) => make(first + index));
    const isLast = first + count === features;
    if (!file.write(texts.join(separator) + (isLast ? '' : separator))) await once(file, 'drain');
  }
  file.end(tail);
  await once(file, 'finish');
}
