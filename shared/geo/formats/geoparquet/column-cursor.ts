import type { ColumnMetaData, DecodedArray, PageHeader } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { convert, convertWithDictionary } from 'hyparquet/src/convert.js';
import { getMaxDefinitionLevel } from 'hyparquet/src/schema.js';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { decodeData, decodeDictionary, type DecodedPage, type Leaf } from './decode-page.ts';
import { parquetCorrupt } from './read-errors.ts';
import { PageReader, type PageReaderOptions } from './read-pages.ts';

/** What a cursor over a column chunk gives, row by row. */
export interface ColumnCursor {
  /** Rows that can be taken before the next `load`. */
  readonly available: number;
  /**
   * Reads on until there is a row at least.
   * @throws LonghaulError `parquet-corrupt`, `parquet-unsupported`, `parquet-too-large` (final); as `RangeReader.read`
   */
  load(): Promise<void>;
  /** The value of the next row; undefined for null. */
  take(): unknown;
}

/** @param skip rows of the chunk that are passed over, their pages unread where they can be */
export function openCursor(
  file: RangeReader,
  meta: ColumnMetaData,
  leaf: Leaf,
  skip: number,
  options: PageReaderOptions,
): ColumnCursor {
  const pages = new PageReader(file, meta, options);
  const isFlat = leaf.schemaPath.length === 2 && leaf.element.repetition_type !== 'REPEATED';
  return isFlat ? new FlatCursor(pages, leaf, skip) : new NestedCursor(pages, leaf, skip);
}

const needsEach = (): boolean => true;

/** A column of single values: physical ones, as the file stores them. */
class FlatCursor implements ColumnCursor {
  available = 0;
  readonly #pages: PageReader;
  readonly #leaf: Leaf;
  readonly #highest: number;
  #skip: number;
  #dictionary: DecodedArray | undefined;
  #page: DecodedPage | undefined;
  /** Next among all values, and among those that are stored. */
  #row = 0;
  #value = 0;

  constructor(pages: PageReader, leaf: Leaf, skip: number) {
    this.#pages = pages;
    this.#leaf = leaf;
    this.#highest = getMaxDefinitionLevel(leaf.schemaPath);
    this.#skip = skip;
  }

  async load(): Promise<void> {
    while (this.available === 0) {
      const page = await this.#pages.next((header) => rowsOf(header) === undefined || rowsOf(header)! > this.#skip);
      if (page === undefined) throw parquetCorrupt('a column has fewer values than its row group has rows');
      const rows = rowsOf(page.header);
      if (page.header.type === 'DICTIONARY_PAGE') this.#dictionary = decodeDictionary(page, this.#leaf);
      else if (rows !== undefined && rows <= this.#skip) this.#skip -= rows;
      else if (rows !== undefined) this.#open(decodeData(page, this.#leaf));
    }
  }

  #open(page: DecodedPage): void {
    this.#page = page;
    this.#row = 0;
    this.#value = 0;
    this.available = page.count;
    for (; this.#skip > 0; this.#skip--) this.take();
  }

  take(): unknown {
    const page = this.#page!;
    this.available--;
    const { definitionLevels, values, encoding } = page;
    if (definitionLevels !== undefined && definitionLevels[this.#row++] !== this.#highest) return undefined;
    const value: unknown = values[this.#value++];
    if (!encoding.endsWith('_DICTIONARY')) return value;
    const entry: unknown = this.#dictionary?.[value as number];
    if (entry === undefined)
      throw parquetCorrupt(`a value has the index ${String(value)}, which its dictionary has not`);
    return entry;
  }
}

/** A leaf of a list, map or structure: values in nested arrays, to be put together with those of the other leaves. */
class NestedCursor implements ColumnCursor {
  readonly #pages: PageReader;
  readonly #leaf: Leaf;
  readonly #highest: number;
  #skip: number;
  #dictionary: DecodedArray | undefined;
  /** Levels and values from the beginning of the last row on, which may go on in the next page. */
  #definition: number[] = [];
  #repetition: number[] = [];
  #values: unknown[] = [];
  #rows: ArrayLike<unknown> = [];
  #next = 0;
  #isLastPage = false;

  constructor(pages: PageReader, leaf: Leaf, skip: number) {
    this.#pages = pages;
    this.#leaf = leaf;
    this.#highest = getMaxDefinitionLevel(leaf.schemaPath);
    this.#skip = skip;
  }

  get available(): number {
    return this.#rows.length - this.#next;
  }

  async load(): Promise<void> {
    while (this.available === 0) {
      if (this.#isLastPage) throw parquetCorrupt('a column has fewer values than its row group has rows');
      const page = await this.#pages.next(needsEach);
      if (page?.header.type === 'DICTIONARY_PAGE') {
        this.#dictionary = assembling(() => convert(decodeDictionary(page, this.#leaf), this.#leaf));
        continue;
      }
      if (page === undefined) this.#isLastPage = true;
      else if (rowsOf(page.header) !== undefined) this.#append(decodeData(page, this.#leaf));
      this.#assemble();
      const passed = Math.min(this.#skip, this.available);
      this.#skip -= passed;
      this.#next += passed;
    }
  }

  #append({ definitionLevels, repetitionLevels, values, encoding, count }: DecodedPage): void {
    const converted = assembling(() => convertWithDictionary(values, this.#dictionary, encoding, this.#leaf));
    for (let index = 0; index < count; index++) {
      this.#definition.push(definitionLevels?.[index] ?? this.#highest);
      this.#repetition.push(repetitionLevels?.[index] ?? 0);
    }
    for (const value of converted) this.#values.push(value);
    if ((this.#repetition[0] ?? 0) > 0) throw parquetCorrupt('a list begins in its middle');
  }

  /** Puts the rows together that have ended: a row ends where the next one begins, and the last with the last page. */
  #assemble(): void {
    const levels = this.#isLastPage ? this.#definition.length : this.#repetition.lastIndexOf(0);
    this.#next = 0;
    this.#rows = [];
    if (levels <= 0) return;
    const definition = this.#definition.splice(0, levels);
    const repetition = this.#repetition.splice(0, levels);
    const values = this.#values.splice(0, definition.filter((level) => level === this.#highest).length);
    this.#rows = assembling(() =>
      assembleLists([], definition, repetition, values as DecodedArray, this.#leaf.schemaPath),
    );
  }

  take(): unknown {
    return this.#rows[this.#next++];
  }
}

/** Rows of a page of single values; undefined for one that holds none. */
function rowsOf({ type, data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number | undefined {
  if (type === 'DATA_PAGE') return v1!.num_values;
  return type === 'DATA_PAGE_V2' ? v2!.num_values : undefined;
}

function assembling<Result>(assemble: () => Result): Result {
  try {
    return assemble();
  } catch (error) {
    if (error instanceof Error && error.name === 'LonghaulError') throw error;
    throw parquetCorrupt(`nested values cannot be put together: ${(error as Error).message}`, error);
  }
}
