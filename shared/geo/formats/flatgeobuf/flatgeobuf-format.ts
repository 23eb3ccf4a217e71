import type { FeatureFormat, InspectedLayer } from '../../features/feature-format.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { ByteWindow } from '../byte-window.ts';
import { problemOf } from '../feature-problem.ts';
import { featureTooLarge, flatGeobufCorrupt } from './read-errors.ts';
import { FeatureDecoder } from './read-features.ts';
import { readHeader, type FlatGeobufColumn, type FlatGeobufHeader } from './read-header.ts';
import { boundariesFromIndex, type Boundaries } from './read-index.ts';

/** Bytes of one feature: four million vertices. */
export const MAX_FEATURE_BYTES = 64 * 1024 ** 2;

/** A feature's length, and the offset and table that it has at least. */
const PREFIX_BYTES = 4;
const MIN_FEATURE_BYTES = 8;

export interface FlatGeobufDetail {
  geometryType: number;
  columns: FlatGeobufColumn[];
  /** Where the first feature of each block begins, and its number. */
  starts: number[];
  numbers: number[];
  end: number;
  /** As the header tells; 0 when it does not. */
  features: number;
}

/** FlatGeobuf 3, with and without index. Its curves are made linear; measures of time are left out. */
export const flatGeobufFormat: FeatureFormat<FlatGeobufDetail> = {
  id: 'flatgeobuf',
  title: 'FlatGeobuf',

  async inspect({ file }, { blockBytes, name, signal }) {
    const header = await readHeader(file, signal);
    const { features, crs, fields, geometryType, columns } = header;
    const { starts, numbers, note } = await findBoundaries(file, header, blockBytes, signal);
    const layer: InspectedLayer<FlatGeobufDetail> = {
      name: header.name ?? name,
      fields,
      blocks: starts.length,
      detail: { geometryType, columns, starts, numbers, end: file.size, features },
      ...(crs === undefined ? {} : { crs }),
      ...(features === 0 ? {} : { features }),
      ...(note === undefined ? {} : { notes: [note] }),
    };
    return [layer];
  },

  async readBlock({ file }, { detail }, block, sink, signal) {
    const start = detail.starts[block];
    if (start === undefined) throw new RangeError(`there is no block ${block}`);
    const end = detail.starts[block + 1] ?? detail.end;
    const decoder = new FeatureDecoder(sink, detail.geometryType, detail.columns);
    const window = openWindow(file, end, signal);
    let number = detail.numbers[block] ?? 0;
    for (let offset = start; offset < end; number++) {
      const length = await readLength(window, offset, end);
      const place = { offset, number };
      if (length > MAX_FEATURE_BYTES) {
        sink.reject(place, problemOf(featureTooLarge(length, MAX_FEATURE_BYTES)), { properties: {} });
      } else {
        const bytes = PREFIX_BYTES + length;
        if (!window.has(offset, bytes)) await window.load(offset, bytes);
        const first = offset - window.start + PREFIX_BYTES;
        decoder.read(window.bytes, first, first + length, place);
      }
      offset += PREFIX_BYTES + length;
    }
    // The numbers of the blocks are those that the index, or the lengths before all features, gave.
    const isLast = block === detail.starts.length - 1;
    const expected = isLast ? detail.features || number : detail.numbers[block + 1];
    if (number !== expected) throw flatGeobufCorrupt(`its features end after ${number}, not after ${expected}`);
  },
};

/** By the index where there is one; else by the lengths before all features. */
async function findBoundaries(
  file: RangeReader,
  header: FlatGeobufHeader,
  blockBytes: number,
  signal: AbortSignal,
): Promise<Boundaries & { note?: string }> {
  const { featuresStart, indexNodeSize } = header;
  if (featuresStart >= file.size) {
    if (header.features > 0) throw flatGeobufCorrupt(`it ends before its ${header.features} features`);
    return { starts: [], numbers: [] };
  }
  if (file.size - featuresStart <= blockBytes) return { starts: [featuresStart], numbers: [0] };
  if (indexNodeSize === 0) return boundariesFromLengths(file, featuresStart, blockBytes, signal);
  const found = await boundariesFromIndex(file, header, blockBytes, signal);
  if (found !== undefined) return found;
  const passed = await boundariesFromLengths(file, featuresStart, blockBytes, signal);
  return { ...passed, note: 'The index does not lead to the features in their order and was not used.' };
}

async function boundariesFromLengths(
  file: RangeReader,
  featuresStart: number,
  blockBytes: number,
  signal: AbortSignal,
): Promise<Boundaries> {
  const starts = [featuresStart];
  const numbers = [0];
  const window = openWindow(file, file.size, signal);
  for (let offset = featuresStart, number = 0; offset < file.size; number++) {
    if (offset - starts.at(-1)! >= blockBytes) {
      starts.push(offset);
      numbers.push(number);
    }
    offset += PREFIX_BYTES + (await readLength(window, offset, file.size));
  }
  return { starts, numbers };
}

function openWindow(file: RangeReader, end: number, signal: AbortSignal): ByteWindow {
  const truncated = (wanted: number) => flatGeobufCorrupt(`it ends before byte ${wanted}`);
  return new ByteWindow(file, { end, signal, truncated });
}

/** Length of the feature that begins at an offset. */
async function readLength(window: ByteWindow, offset: number, end: number): Promise<number> {
  if (!window.has(offset, PREFIX_BYTES)) await window.load(offset, PREFIX_BYTES);
  const length = window.view.getUint32(offset - window.start, true);
  const featureEnd = offset + PREFIX_BYTES + length;
  if (length < MIN_FEATURE_BYTES || featureEnd > end) {
    throw flatGeobufCorrupt(`the feature at byte ${offset} would end at byte ${featureEnd}, not by byte ${end}`);
  }
  return length;
}
