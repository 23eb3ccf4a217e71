import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { estimateIngest } from '../../shared/processes/ingest/estimate/estimate.ts';
import type { SourceFormat } from '../../shared/processes/ingest/formats.ts';
import { ingestInputs } from '../../shared/processes/ingest/inputs.ts';
import { makeZip } from '../helpers/make-zip.ts';
import { memoryReader } from '../helpers/memory-reader.ts';
import { makePoints, POINTS_IN } from '../helpers/points-in-every-format.ts';

const POINTS = 100_000;

/** A source of one layer; the files of a shapefile lie in an archive as they are. */
function sourceOf(format: SourceFormat): Uint8Array {
  const files = Object.entries(POINTS_IN[format](makePoints(POINTS)));
  return files.length === 1 ? files[0]![1] : makeZip(files.map(([name, data]) => ({ name, data, method: 0 })));
}

it('what an estimate of an ingestion reads of its source is what its table says', async () => {
  const lines: string[] = [];
  for (const format of Object.keys(POINTS_IN) as SourceFormat[]) {
    const reader = memoryReader(sourceOf(format));
    const inputs = ingestInputs.parse({ source: 's3://data/sources/acme/places' });
    const { signal } = new AbortController();
    const { detail } = await estimateIngest({ signal, sources: { open: async () => reader } }, inputs);
    expect(detail.layers[0]!.looked).toEqual({ features: 1000, rejected: 0 });
    const bytes = reader.reads.reduce((sum, { length }) => sum + length, 0);
    lines.push(`${format}: ${reader.reads.length} reads, ${bytes} bytes of ${reader.size}`);
  }
  const table = fileURLToPath(new URL('tables/ingest-estimates.txt', import.meta.url));
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(table);
});
