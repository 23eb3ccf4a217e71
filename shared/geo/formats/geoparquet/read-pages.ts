import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { ByteWindow } from '../byte-window.ts';
import { checkThrift } from './check-thrift.ts';
import { parquetCorrupt, parquetTooLarge } from './read-errors.ts';
import { chunkRange } from './read-footer.ts';
import { MAX_PAGE_BYTES, MAX_PAGE_HEADER_BYTES, MAX_PAGE_HEADER_VALUES, MAX_PAGE_VALUES } from './read-limits.ts';

/** Bytes in which a header is looked for at first. */
const FIRST_HEADER_BYTES = 1024;

/** A page as it lies in the file. */
export interface StoredPage {
  header: PageHeader;
  /** Compressed; valid until the next page is read. */
  bytes: Uint8Array;
}

export interface PageReaderOptions {
  signal: AbortSignal;
  /** Bytes that are read at once. */
  pieceBytes: number;
}

/** Reads the pages of one column chunk, one after the other; their headers are held against what is there. */
export class PageReader {
  readonly #window: ByteWindow;
  readonly #end: number;
  #offset: number;

  constructor(file: RangeReader, meta: ColumnMetaData, { signal, pieceBytes }: PageReaderOptions) {
    const { start, end } = chunkRange(meta);
    const truncated = (wanted: number) => parquetCorrupt(`a column would end at byte ${wanted}, not at byte ${end}`);
    this.#window = new ByteWindow(file, { end, signal, pieceBytes, truncated });
    this.#offset = start;
    this.#end = end;
  }

  /**
   * The next page; undefined behind the last one.
   * @param needs whether its bytes are to be read, by its header
   * @throws LonghaulError `parquet-corrupt`, `parquet-too-large` (final); as `RangeReader.read`
   */
  async next(needs: (header: PageHeader) => boolean): Promise<StoredPage | undefined> {
    if (this.#offset >= this.#end) return undefined;
    const header = await this.#readHeader();
    const length = header.compressed_page_size;
    const isNeeded = needs(header);
    if (isNeeded && !this.#window.has(this.#offset, length)) await this.#window.load(this.#offset, length);
    const first = this.#offset - this.#window.start;
    const bytes = isNeeded ? this.#window.bytes.subarray(first, first + length) : new Uint8Array(0);
    this.#offset += length;
    return { header, bytes };
  }

  async #readHeader(): Promise<PageHeader> {
    const left = this.#end - this.#offset;
    for (let wanted = FIRST_HEADER_BYTES; ; wanted *= 8) {
      const length = Math.min(wanted, left, MAX_PAGE_HEADER_BYTES);
      if (!this.#window.has(this.#offset, length)) await this.#window.load(this.#offset, length);
      const first = this.#offset - this.#window.start;
      const bytes = this.#window.bytes.subarray(first, first + length);
      const checked = checkThrift(bytes, 0, MAX_PAGE_HEADER_VALUES);
      if (checked !== 'cut-off') {
        if ('problem' in checked) throw parquetCorrupt(`of a page header ${checked.problem}`);
        const header = parseHeader(bytes.subarray(0, checked.end));
        this.#offset += checked.end;
        if (header.compressed_page_size > this.#end - this.#offset)
          throw parquetCorrupt('a page ends behind its column');
        return header;
      }
      if (length === left) throw parquetCorrupt('a page header is cut off');
      if (length === MAX_PAGE_HEADER_BYTES) throw parquetTooLarge('bytes of a page header', length, length);
    }
  }
}

function parseHeader(bytes: Uint8Array): PageHeader {
  let header: PageHeader;
  try {
    header = parquetHeader({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 });
  } catch (error) {
    throw parquetCorrupt(`a page header cannot be read: ${(error as Error).message}`, error);
  }
  const { compressed_page_size: stored, uncompressed_page_size: length } = header;
  check('bytes of a page', stored, MAX_PAGE_BYTES);
  check('bytes of a page', length, MAX_PAGE_BYTES);
  const counts =
    header.type === 'DATA_PAGE'
      ? [header.data_page_header?.num_values]
      : header.type === 'DATA_PAGE_V2'
        ? [
            header.data_page_header_v2?.num_values,
            header.data_page_header_v2?.num_nulls,
            header.data_page_header_v2?.num_rows,
          ]
        : header.type === 'DICTIONARY_PAGE'
          ? [header.dictionary_page_header?.num_values]
          : [];
  for (const count of counts) check('values of a page', count, MAX_PAGE_VALUES);
  return header;
}

function check(what: string, value: unknown, limit: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw parquetCorrupt(`the number of ${what} is ${String(value)}`);
  }
  if (value > limit) throw parquetTooLarge(what, value, limit);
}
