import { openFeatureBlock, readRejects } from '../../geo/features/open-feature-block.ts';
import type { ChunkPayloads, ErrorLine, PlannedDataset } from '../../jobs/process.ts';
import { blockSources } from './block-sources.ts';
import type { IngestDetail } from './detail.ts';
import { readerOf } from './formats.ts';

/** One line of a block's rejects, as `rejectLine` writes it. */
interface RejectLine {
  number: number;
  byteOffset: number;
  code: string;
  reason: string;
}

/** Every feature that was left out, in the order of the source, with what it was. */
export async function* listRejects(
  { id, detail }: PlannedDataset<IngestDetail>,
  layers: ChunkPayloads[],
): AsyncGenerator<ErrorLine> {
  const { numbersByBlock } = await readerOf(detail.located.format);
  let before = 0;
  for (const source of (await blockSources(layers)).values()) {
    const block = await openFeatureBlock(source);
    const first = numbersByBlock === true ? before : 0;
    before += block.summary.features + block.summary.rejected;
    for (const line of linesOf(await readRejects(block))) {
      const { code, reason, number: within, ...more } = JSON.parse(line) as RejectLine;
      const number = first + within;
      yield { code, detail: reason, dataset: id, unit: `feature ${number}`, number, ...more };
    }
  }
}

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '');
}
