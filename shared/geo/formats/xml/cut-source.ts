import type { FeatureSource, InspectOptions } from '../../features/feature-format.ts';
import { BlockCutter } from './block-cutter.ts';
import { findXmlEncoding, PROLOGUE_BYTES } from './find-xml-encoding.ts';
import type { NameTable } from './name-table.ts';
import { OutlineScanner, type OutlineHandler } from './outline-scanner.ts';
import { scanSource, type OffsetOf } from './scan-source.ts';

/** A source that was cut into blocks. */
export interface CutSource {
  cutter: BlockCutter;
  /** As `TextEncoding.name`. */
  encoding: string;
}

/**
 * Goes over a whole source once, in bounded memory, and cuts it into blocks.
 * @param handle makes what is told of the elements, and tells the cutter of records
 * @throws LonghaulError (final) as `scanSource`; `encoding-unsupported`
 */
export async function cutSource(
  { file }: FeatureSource,
  { blockBytes, read, isFront, signal }: InspectOptions,
  names: NameTable,
  handle: (cutter: BlockCutter, offsetOf: OffsetOf) => OutlineHandler,
): Promise<CutSource> {
  const cutter = new BlockCutter(blockBytes);
  const first = file.size === 0 ? new Uint8Array() : await file.read(0, Math.min(PROLOGUE_BYTES, file.size), signal);
  const encoding = findXmlEncoding(first, read?.encoding);
  const range = { file, encoding, start: encoding.bomBytes, blockEnd: file.size, end: file.size, signal };
  const part = isFront === true ? 'front' : 'document';
  await scanSource(range, (offsetOf) => new OutlineScanner(handle(cutter, offsetOf), names), part);
  return { cutter, encoding: encoding.name };
}
