import { openFeatureBlock, readRejects, type BlockSource } from '../../../geo/features/open-feature-block.ts';
import type { ChunkPayloads, ErrorLine, PlannedDataset } from '../../../jobs/process.ts';
import { publishedBlocks } from '../versions/base-version.ts';
import { blockSources } from './block-sources.ts';
import type { IngestDetail } from '../detail.ts';
import { readerOf, type SourceFormat } from '../formats.ts';

/** One line of a block's rejects, as `rejectLine` writes it. */
interface RejectLine {
  number: number;
  byteOffset: number;
  code: string;
  reason: string;
}

/** Every feature that was left out, in the order of the source, with what it was; those of a published version first. */
export async function* listRejects(
  { id, detail }: PlannedDataset<IngestDetail>,
  layers: ChunkPayloads[],
): AsyncGenerator<ErrorLine> {
  const published = publishedBlocks(detail);
  const blocks = [...(await blockSources(layers))];
  const ofBase = blocks.filter(([number]) => number < published);
  const ofSource = blocks.filter(([number]) => number >= published);
  if (detail.base !== undefined) yield* listPart(id, ofBase, detail.base.located.format, ' of the published version');
  yield* listPart(id, ofSource, detail.located.format, '');
}

async function* listPart(
  dataset: string,
  blocks: readonly [number, BlockSource][],
  format: SourceFormat,
  whose: string,
): AsyncGenerator<ErrorLine> {
  const { numbersByBlock } = await readerOf(format);
  let before = 0;
  for (const [, source] of blocks) {
    const block = await openFeatureBlock(source);
    const first = numbersByBlock === true ? before : 0;
    before += block.summary.features + block.summary.rejected;
    for (const line of linesOf(await readRejects(block))) {
      const { code, reason, number: within, ...more } = JSON.parse(line) as RejectLine;
      const number = first + within;
      yield { code, detail: reason, dataset, unit: `feature ${number}${whose}`, number, ...more };
    }
  }
}

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '');
}
