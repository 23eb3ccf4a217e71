import sharp from 'sharp';
import { blockLayouts, makeTiff, type TiffOptions } from './make-tiff.ts';
import { blockBytes, type BlockLayout } from './tiff-blocks.ts';

const START_OF_SCAN = 0xda;
const QUANTISATION_TABLE = 0xdb;
const HUFFMAN_TABLE = 0xc4;

export interface JpegTiffOptions extends TiffOptions {
  /** Put the tables into the JPEGTables tag, out of the blocks [false]. */
  sharedTables?: boolean;
  /** Begin each block with a JFIF segment, which says YCbCr to a decoder whatever the TIFF says [false]. */
  jfif?: boolean;
}

const JFIF_SEGMENT = Uint8Array.of(0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);

/** A GeoTIFF of one or three 8-bit samples in JPEG blocks; three samples are stored as YCbCr. */
export async function makeJpegTiff({ sharedTables, jfif, ...options }: JpegTiffOptions): Promise<Uint8Array> {
  const channels = (options.bands ?? 1) === 3 && options.bandInterleaved !== true ? 3 : 1;
  const streams = new Map<string, Uint8Array>();
  for (let level = 0; level <= (options.overviews ?? 0); level++) {
    for (const layout of blockLayouts(options, level)) {
      const raw = { width: layout.blockWidth, height: layout.rows, channels } as const;
      // The same tables in each stream, as libtiff writes them: optimised ones differ from block to block.
      const jpeg = sharp(blockBytes(options, layout), { raw })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .jpeg({ quality: 95, optimiseCoding: false });
      const stream = await jpeg.toBuffer();
      const parts = jfif === true ? [stream.subarray(0, 2), JFIF_SEGMENT, stream.subarray(2)] : [stream];
      streams.set(keyOf(layout), Buffer.concat(parts));
    }
  }
  const parts = sharedTables === true ? splitTables([...streams.values()][0]!) : undefined;
  return makeTiff({
    ...options,
    compressionCode: 7,
    photometricCode: channels === 3 ? 6 : 1,
    ...(parts === undefined ? {} : { jpegTables: parts.tables }),
    encodeBlock: (_bytes, layout) => {
      const stream = streams.get(keyOf(layout))!;
      return parts === undefined ? stream : splitTables(stream).rest;
    },
  });
}

function keyOf(layout: BlockLayout): string {
  return [layout.level, layout.samples.join(), layout.column, layout.row].join('/');
}

/** Parts a stream into its tables and the rest, each a stream of its own (TIFF technical note 2). */
function splitTables(stream: Uint8Array): { tables: Uint8Array; rest: Uint8Array } {
  const tables: Uint8Array[] = [stream.subarray(0, 2)];
  const rest: Uint8Array[] = [stream.subarray(0, 2)];
  let at = 2;
  while (stream[at + 1] !== START_OF_SCAN) {
    const end = at + 2 + ((stream[at + 2]! << 8) | stream[at + 3]!);
    const table = stream[at + 1] === QUANTISATION_TABLE || stream[at + 1] === HUFFMAN_TABLE;
    (table ? tables : rest).push(stream.subarray(at, end));
    at = end;
  }
  rest.push(stream.subarray(at));
  tables.push(Uint8Array.of(0xff, 0xd9));
  return { tables: Buffer.concat(tables), rest: Buffer.concat(rest) };
}
