import type { BlockIndex, BlockLocation } from './block-index.ts';
import { emptySamples, placePlane, samplesOf, undoPremultiplication } from './block-samples.ts';
import { decodeSamples, type BlockFormat } from './decode-samples.ts';
import { rasterTruncated } from './errors.ts';
import type { ReadMask } from './mask.ts';
import type { RasterLevel, Samples, SampleType } from './raster.ts';

export interface LevelParts {
  format: BlockFormat;
  sampleType: SampleType;
  premultiplied: boolean;
  index: BlockIndex;
  mask: ReadMask | undefined;
  read: (offset: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>;
}

/** One resolution of a raster over its block index. */
export function createLevel(parts: LevelParts): RasterLevel {
  const { format, sampleType, index, read } = parts;
  const { layout } = format;
  const { width, height, blockWidth, blockHeight, blocksAcross, blocksDown, samples } = layout;
  const planes = layout.bandInterleaved ? samples : 1;
  const stride = layout.bandInterleaved ? 1 : samples;

  async function readSamples(number: number, rows: number, signal?: AbortSignal): Promise<Samples | undefined> {
    const locations = await Promise.all(
      Array.from({ length: planes }, (_, plane) => index(number + plane * blocksAcross * blocksDown, signal)),
    );
    if (locations.every((location) => location === undefined)) return undefined;
    const name = `Block ${number} of the ${width} × ${height} level`;
    const decode = async (location: BlockLocation): Promise<Samples> => {
      const bytes = await read(location.offset, location.bytes, signal);
      if (bytes.length < location.bytes) {
        throw rasterTruncated(name, location.offset + location.bytes, location.offset + bytes.length);
      }
      return samplesOf(await decodeSamples(bytes, format, rows, stride, name, signal), sampleType);
    };
    if (planes === 1) return decode(locations[0]!);
    const whole = emptySamples(blockWidth * rows * samples, sampleType, layout.bits / 8);
    await Promise.all(
      locations.map(async (location, plane) => {
        if (location !== undefined) placePlane(whole, await decode(location), plane, samples);
      }),
    );
    return whole;
  }

  return {
    width,
    height,
    blockWidth,
    blockHeight,
    blocksAcross,
    blocksDown,
    async readBlock(column, row, signal) {
      if (!(column >= 0 && column < blocksAcross && row >= 0 && row < blocksDown)) {
        throw new RangeError(`block ${column}/${row} is outside of the ${blocksAcross} × ${blocksDown} blocks`);
      }
      signal?.throwIfAborted();
      const rows = layout.tiled ? blockHeight : Math.min(blockHeight, height - row * blockHeight);
      const window = { left: column * blockWidth, top: row * blockHeight, width: blockWidth, height: rows };
      const [values, mask] = await Promise.all([
        readSamples(row * blocksAcross + column, rows, signal),
        parts.mask?.(window, signal),
      ]);
      if (values === undefined) return undefined;
      if (parts.premultiplied) undoPremultiplication(values, samples, 2 ** layout.bits - 1);
      return { width: blockWidth, height: rows, samples: values, mask };
    },
  };
}
