import { deflateSync } from 'node:zlib';
import type { RangeReader } from '../../../shared/sources/range-reader.ts';

export interface VastTiffOptions {
  /** Pixels along each side of the raster. */
  side: number;
  /** Pixels along each side of a block. */
  block: number;
  overviews: boolean;
}

/** Different contents of blocks; more would only take longer to make. */
const VARIANTS = 8;
const BANDS = 3;
const EPSG = 32633;
const ORIGIN = [300_000, 5_500_000] as const;

/** Bytes of a BigTIFF header, and of a directory entry. */
const HEADER_BYTES = 16;
const ENTRY_BYTES = 20;

const SHORT = 3;
const DOUBLE = 12;
const LONG8 = 16;
const VALUE_BYTES: Readonly<Record<number, number>> = { [SHORT]: 2, [DOUBLE]: 8, [LONG8]: 8 };

interface Entry {
  tag: number;
  type: number;
  values: ArrayLike<number>;
}

/**
 * A BigTIFF of any size whose blocks are made when they are read: noise, so that nothing about it is easy. Only the
 * directories are in memory.
 */
export function vastTiff({ side, block, overviews }: VastTiffOptions): RangeReader {
  const variants = Array.from({ length: VARIANTS }, (_, seed) =>
    deflateSync(noise(block * block * BANDS, seed), { level: 1 }),
  );
  const slot = Math.max(...variants.map(({ length }) => length));
  const sides = [side];
  while (overviews && sides.at(-1)! > block) sides.push(Math.ceil(sides.at(-1)! / 2));
  const { header, size } = layOut(sides, block, slot, variants);
  return {
    url: new URL('memory:///vast.tif'),
    etag: '"vast"',
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.min(length, size - offset));
      for (let position = 0; position < bytes.length;) {
        const at = offset + position;
        const inHeader = at < header.length;
        const index = Math.floor((at - header.length) / slot);
        const within = inHeader ? at : (at - header.length) % slot;
        const content = inHeader ? header : variants[index % VARIANTS]!;
        const end = inHeader ? header.length : slot;
        const piece = content.subarray(within, Math.min(content.length, within + bytes.length - position));
        bytes.set(piece, position);
        position += Math.max(1, Math.min(end - within, bytes.length - position));
      }
      return bytes;
    },
  };
}

/** Directories of all levels, full resolution first; the block with number n lies in slot n behind them. */
function layOut(sides: readonly number[], block: number, slot: number, variants: readonly Uint8Array[]) {
  const counts = sides.map((side) => Math.ceil(side / block) ** 2);
  const empty = sides.map((side, level) => entries(side, block, level, new Float64Array(counts[level]!), []));
  const headerBytes = empty.reduce((sum, directory) => sum + directoryBytes(directory), HEADER_BYTES);
  const header = new Uint8Array(headerBytes);
  const view = new DataView(header.buffer);
  header.set([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
  view.setBigUint64(8, BigInt(HEADER_BYTES), true);
  let at = HEADER_BYTES;
  let first = 0;
  for (const [level, side] of sides.entries()) {
    const numbers = Array.from({ length: counts[level]! }, (_, index) => first + index);
    const offsets = Float64Array.from(numbers, (number) => headerBytes + number * slot);
    const lengths = numbers.map((number) => variants[number % VARIANTS]!.length);
    at = writeDirectory(view, at, entries(side, block, level, offsets, lengths), level === sides.length - 1);
    first += counts[level]!;
  }
  return { header, size: headerBytes + first * slot };
}

function entries(
  side: number,
  block: number,
  level: number,
  offsets: Float64Array,
  lengths: readonly number[],
): Entry[] {
  const geo = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, EPSG];
  const all: (Entry | undefined)[] = [
    { tag: 254, type: LONG8, values: [level === 0 ? 0 : 1] },
    { tag: 256, type: LONG8, values: [side] },
    { tag: 257, type: LONG8, values: [side] },
    { tag: 258, type: SHORT, values: [8, 8, 8] },
    { tag: 259, type: SHORT, values: [8] },
    { tag: 262, type: SHORT, values: [2] },
    { tag: 277, type: SHORT, values: [BANDS] },
    { tag: 284, type: SHORT, values: [1] },
    { tag: 322, type: SHORT, values: [block] },
    { tag: 323, type: SHORT, values: [block] },
    { tag: 324, type: LONG8, values: offsets },
    { tag: 325, type: LONG8, values: lengths.length === 0 ? offsets : lengths },
    level > 0 ? undefined : { tag: 33550, type: DOUBLE, values: [1, 1, 0] },
    level > 0 ? undefined : { tag: 33922, type: DOUBLE, values: [0, 0, 0, ...ORIGIN, 0] },
    level > 0 ? undefined : { tag: 34735, type: SHORT, values: geo },
  ];
  return all.filter((entry) => entry !== undefined);
}

const outside = ({ type, values }: Entry) => Math.max(0, values.length * VALUE_BYTES[type]!);

function directoryBytes(directory: readonly Entry[]): number {
  return directory.reduce((sum, entry) => sum + ENTRY_BYTES + (outside(entry) > 8 ? outside(entry) : 0), 16);
}

/** @returns where the next directory begins */
function writeDirectory(view: DataView, at: number, directory: readonly Entry[], last: boolean): number {
  const next = at + directoryBytes(directory);
  let values = at + 16 + directory.length * ENTRY_BYTES;
  view.setBigUint64(at, BigInt(directory.length), true);
  for (const [index, entry] of directory.entries()) {
    const start = at + 8 + index * ENTRY_BYTES;
    view.setUint16(start, entry.tag, true);
    view.setUint16(start + 2, entry.type, true);
    view.setBigUint64(start + 4, BigInt(entry.values.length), true);
    const inline = outside(entry) <= 8;
    if (!inline) view.setBigUint64(start + 12, BigInt(values), true);
    writeValues(view, inline ? start + 12 : values, entry);
    if (!inline) values += outside(entry);
  }
  view.setBigUint64(at + 8 + directory.length * ENTRY_BYTES, BigInt(last ? 0 : next), true);
  return next;
}

function writeValues(view: DataView, at: number, { type, values }: Entry): void {
  for (let index = 0; index < values.length; index++) {
    if (type === SHORT) view.setUint16(at + index * 2, values[index]!, true);
    else if (type === DOUBLE) view.setFloat64(at + index * 8, values[index]!, true);
    else view.setBigUint64(at + index * 8, BigInt(values[index]!), true);
  }
}

function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed + 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
