import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SaxesParser } from 'saxes';
import { kmlFormat } from '../../shared/geo/formats/kml/kml-format.ts';
import { openFileSource } from '../../shared/sources/file-source.ts';
import { CountingSink } from '../helpers/counting-sink.ts';
import { makePolygons } from './xml/make-polygons.ts';

/**
 * Reads a KML of polygons into a sink that only counts, beside `saxes` alone over the same text: MB/s of processor time,
 * best of some runs, and the peak memory of the process after each.
 * `node test/bench/read-xml.ts [--polygons 100000] [--runs 3] [--file FILE.kml]`
 */
const { values } = parseArgs({
  options: {
    polygons: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    file: { type: 'string' },
  },
});
const MB = 1e6;
const BLOCK_BYTES = 8 * 2 ** 20;
const { signal } = new AbortController();

const folder = await mkdtemp(join(tmpdir(), 'read-xml-'));
try {
  const path = values.file ?? join(folder, 'polygons.kml');
  if (values.file === undefined) {
    await pipeline(Readable.from(makePolygons(Number(values.polygons))), createWriteStream(path));
  }
  await run(path);
} finally {
  await rm(folder, { recursive: true });
}

async function run(path: string): Promise<void> {
  const source = { file: await openFileSource(pathToFileURL(path)) };
  const { size } = source.file;
  console.log(`${(size / MB).toFixed(1)} MB`);
  const options = { blockBytes: BLOCK_BYTES, name: 'polygons', signal };
  const [layer] = await measure('inspect', size, () => kmlFormat.inspect(source, options));
  if (layer === undefined) throw new Error('there is no layer');
  const sink = await measure('read', size, async () => {
    const counts = new CountingSink();
    for (let block = 0; block < layer.blocks; block++) await kmlFormat.readBlock(source, layer, block, counts, signal);
    return counts;
  });
  console.log(
    `  ${sink.features} features, ${sink.vertices} vertices, ${sink.values} values, ${sink.rejects} rejected`,
  );
  const tags = await measure('saxes alone', size, () => countTags(path));
  console.log(`  ${tags} tags`);
}

/** Parses a file and does nothing with it; as a reader would, it is told of tags and texts. */
async function countTags(path: string): Promise<number> {
  const parser = new SaxesParser();
  let tags = 0;
  let characters = 0;
  parser.on('opentag', () => tags++);
  parser.on('closetag', () => tags++);
  parser.on('text', (text) => (characters += text.length));
  for await (const chunk of createReadStream(path, 'utf8')) parser.write(chunk as string);
  parser.close();
  return characters > 0 ? tags : 0;
}

async function measure<T>(what: string, bytes: number, work: () => Promise<T>): Promise<T> {
  let best = Infinity;
  let result: T | undefined;
  for (let attempt = 0; attempt < Number(values.runs); attempt++) {
    const before = process.cpuUsage();
    result = await work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`${what}: ${(bytes / MB / best).toFixed(0)} MB/s (${best.toFixed(2)} s), peak ${peak} MiB`);
  return result!;
}
