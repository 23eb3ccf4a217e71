import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { csvTexts, geoJsonSeqTexts, geoJsonTexts } from './make-features.ts';

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
for (const [name, texts] of [
  ['polygons.geojson', geoJsonTexts(features)],
  ['polygons.geojsonl', geoJsonSeqTexts(features)],
  ['polygons.csv', csvTexts(features)],
] as const) {
  await pipeline(Readable.from(texts), createWriteStream(path.join(folder, name)));
}
