import type { FeatureFormat } from '../../features/feature-format.ts';
import { isSpace, LINE_FEED, OPEN_BRACE, RECORD_SEPARATOR } from '../text/characters.ts';
import { BOM_BYTES, bytesOfUnit, findEncoding, type TextEncoding } from '../text/encoding.ts';
import { TextWindow, type TextRange } from '../text/text-window.ts';
import { notGeoJsonSeq } from './errors.ts';
import { RecordReader } from './record-reader.ts';

/** Bytes in which the first record must begin. */
const HEAD_BYTES = 64 * 1024;

export interface GeoJsonSeqDetail {
  encoding: TextEncoding;
  /** `record-separator`: each text follows one (RFC 8142), and may have line breaks in it. */
  separator: 'line-feed' | 'record-separator';
  blockBytes: number;
  /** Where the records end, when that is not the end of the file. */
  end?: number;
}

/**
 * Features, or geometries, one to a line (GeoJSONL, ndjson), or each behind a record separator (RFC 8142). Block n begins
 * behind the first separator at or after n × blockBytes, and ends with the record that passes the next such place.
 */
export const geoJsonSeqFormat: FeatureFormat<GeoJsonSeqDetail> = {
  id: 'geojson-seq',
  title: 'GeoJSON text sequence',
  numbersByBlock: true,
  readsFront: true,

  async inspect({ file }, { blockBytes, name, read, isFront, signal }) {
    if (file.size === 0) throw notGeoJsonSeq('it is empty');
    const encoding = findEncoding(await file.read(0, BOM_BYTES, signal), read?.encoding);
    const start = encoding.bomBytes;
    const end = Math.min(file.size, start + HEAD_BYTES);
    const window = new TextWindow({ file, encoding, start, blockEnd: end, end, signal });
    await window.all();
    const separator = findSeparator(window);
    const unit = bytesOfUnit(encoding.name);
    const wholeUnits = Math.max(unit, blockBytes - (blockBytes % unit));
    const blocks = Math.max(1, Math.ceil((file.size - start) / wholeUnits));
    const detail: GeoJsonSeqDetail = { encoding, separator, blockBytes: wholeUnits };
    if (isFront === true) detail.end = await lastRecordEnd({ file, encoding, start, signal }, separator);
    return [{ name, crs: { kind: 'crs84' }, blocks, detail }];
  },

  async readBlock({ file }, { blocks, detail }, block, sink, signal) {
    const { encoding, separator, blockBytes } = detail;
    if (!(block >= 0 && block < blocks)) throw new RangeError(`there is no block ${block}`);
    const start = encoding.bomBytes + block * blockBytes;
    const next = start + blockBytes;
    const isLast = block === blocks - 1;
    const end = detail.end ?? file.size;
    const window = new TextWindow({ file, encoding, start, blockEnd: isLast ? end : Math.min(next, end), end, signal });
    const byte = byteOf(separator);
    await new RecordReader(window, byte, sink).read({
      ...(block === 0 ? {} : { after: start }),
      ...(isLast ? {} : { last: next }),
    });
  },
};

function byteOf(separator: GeoJsonSeqDetail['separator']): number {
  return separator === 'line-feed' ? LINE_FEED : RECORD_SEPARATOR;
}

/** Where the last record ends that another one, or a line feed, follows. */
async function lastRecordEnd(
  { file, encoding, start, signal }: Pick<TextRange, 'file' | 'encoding' | 'start' | 'signal'>,
  separator: GeoJsonSeqDetail['separator'],
): Promise<number> {
  const end = file.size;
  const window = new TextWindow({ file, encoding, start, blockEnd: end, end, signal });
  await window.all();
  const last = window.bytes.subarray(0, window.limit).lastIndexOf(byteOf(separator));
  return window.offsetOf(Math.max(0, last));
}

function findSeparator({ bytes, limit }: TextWindow): GeoJsonSeqDetail['separator'] {
  let at = 0;
  while (at < limit && isSpace(bytes[at]!)) at += 1;
  if (bytes[at] === RECORD_SEPARATOR) return 'record-separator';
  if (bytes[at] !== OPEN_BRACE) throw notGeoJsonSeq('it does not begin with an object');
  return 'line-feed';
}
