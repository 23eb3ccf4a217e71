import type { DecodedArray, Encoding, PageHeader, ParquetType, SchemaElement } from 'hyparquet';
import { readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { LonghaulError } from '../../../errors/longhaul-error.ts';
import { checkRuns, checkValues } from './check-page.ts';
import { decompressPage } from './decompress-page.ts';
import { parquetCorrupt } from './read-errors.ts';
import type { StoredPage } from './read-pages.ts';

/** A leaf of the schema, the way to it, and how its chunk is stored: what hyparquet decodes by. */
export type Leaf = Parameters<typeof readDataPage>[2];

/** The content of a data page. */
export interface DecodedPage {
  /** For each value, null or not; undefined when all have the highest. */
  definitionLevels: ArrayLike<number> | undefined;
  /** Undefined for what is not repeated. */
  repetitionLevels: number[] | undefined;
  /** What is not null; indices where there is a dictionary. */
  values: DecodedArray;
  /** Values with the nulls among them. */
  count: number;
  encoding: Encoding;
}

/** Bytes of a value of each type that always has the same. */
const WIDTHS: Partial<Record<ParquetType, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };
/** A text takes its length at least; a boolean a bit. */
const MIN_WIDTHS: Partial<Record<ParquetType, number>> = { BYTE_ARRAY: 4, BOOLEAN: 1 / 8 };

/** @throws LonghaulError `parquet-corrupt`, `parquet-unsupported` (final) */
export function decodeDictionary({ header, bytes }: StoredPage, { type, element, codec }: Leaf): DecodedArray {
  const count = header.dictionary_page_header?.num_values ?? 0;
  const page = decompressPage(bytes, codec, header.uncompressed_page_size);
  checkValues(page, 0, { encoding: 'PLAIN', values: count, isBoolean: false, width: leastWidth(type, element) });
  return decoding(() => readPlain({ view: new DataView(page.buffer), offset: 0 }, type, count, element.type_length));
}

/** @throws LonghaulError `parquet-corrupt`, `parquet-unsupported` (final) */
export function decodeData(page: StoredPage, leaf: Leaf): DecodedPage {
  return page.header.type === 'DATA_PAGE' ? decodeV1(page, leaf) : decodeV2(page, leaf);
}

function decodeV1({ header, bytes }: StoredPage, leaf: Leaf): DecodedPage {
  const told = header.data_page_header!;
  const page = decompressPage(bytes, leaf.codec, header.uncompressed_page_size);
  const { count, encoding } = { count: told.num_values, encoding: told.encoding };
  const levels = levelsOf(leaf);
  let at = 0;
  for (const level of [levels.repetition, levels.definition]) {
    if (level > 0) at = checkLevels(page, at, bitsOf(level), count);
  }
  const { definitionLevels, repetitionLevels, dataPage } = decoding(() => {
    const values = levels.definition === 0 ? count : countDefined(page, levels, count);
    checkValues(page, at, checkOf(leaf, encoding, values));
    return readDataPage(page, told, leaf);
  });
  return {
    definitionLevels: definitionLevels !== undefined && definitionLevels.length > 0 ? definitionLevels : undefined,
    repetitionLevels: levels.repetition > 0 ? repetitionLevels : undefined,
    values: dataPage,
    count,
    encoding,
  };
}

function decodeV2({ header, bytes }: StoredPage, leaf: Leaf): DecodedPage {
  const told = header.data_page_header_v2!;
  const { num_values: count, num_nulls: nulls, encoding } = told;
  const repetitionBytes = lengthOf(told.repetition_levels_byte_length);
  const levelBytes = repetitionBytes + lengthOf(told.definition_levels_byte_length);
  if (levelBytes > bytes.length || levelBytes > header.uncompressed_page_size) {
    throw parquetCorrupt('the levels of a page are longer than it');
  }
  const codec = told.is_compressed === false ? 'UNCOMPRESSED' : leaf.codec;
  const data = decompressPage(bytes.subarray(levelBytes), codec, header.uncompressed_page_size - levelBytes);
  const page = new Uint8Array(levelBytes + data.length);
  page.set(bytes.subarray(0, levelBytes));
  page.set(data, levelBytes);
  const levels = levelsOf(leaf);
  if (levels.repetition > 0) checkRuns(page, 0, repetitionBytes, bitsOf(levels.repetition), count);
  if (levels.definition > 0) checkRuns(page, repetitionBytes, levelBytes, bitsOf(levels.definition), count);
  if (nulls > count) throw parquetCorrupt(`a page has ${count} values and ${nulls} nulls`);
  checkValues(page, levelBytes, checkOf(leaf, encoding, count - nulls));
  const plain: PageHeader = { ...header, data_page_header_v2: { ...told, is_compressed: false } };
  const { definitionLevels, repetitionLevels, dataPage } = decoding(() => readDataPageV2(page, plain, leaf));
  const defined = definitionLevels?.filter((level) => level === levels.definition).length ?? count;
  if (defined !== dataPage.length)
    throw parquetCorrupt(`a page has ${defined} values by its levels, not ${dataPage.length}`);
  return {
    definitionLevels,
    repetitionLevels: levels.repetition > 0 ? repetitionLevels : undefined,
    values: dataPage,
    count,
    encoding,
  };
}

/** Holds levels, whose length stands before them. @returns where they end */
function checkLevels(page: Uint8Array, at: number, bits: number, count: number): number {
  if (at + 4 > page.length) throw parquetCorrupt('the levels of a page are cut off');
  const end = at + 4 + new DataView(page.buffer).getUint32(at, true);
  if (end > page.length) throw parquetCorrupt('the levels of a page are longer than it');
  checkRuns(page, at + 4, end, bits, count);
  return end;
}

/** Values that are stored: those with the highest definition level. */
function countDefined(page: Uint8Array, levels: { repetition: number; definition: number }, count: number): number {
  const view = new DataView(page.buffer);
  const offset = levels.repetition > 0 ? 4 + view.getUint32(0, true) : 0;
  const definition = new Uint8Array(count);
  readRleBitPackedHybrid({ view, offset }, bitsOf(levels.definition), definition);
  let defined = 0;
  for (const level of definition) if (level === levels.definition) defined++;
  return defined;
}

function checkOf({ type, element }: Leaf, encoding: Encoding, values: number) {
  const width = encoding === 'PLAIN' ? leastWidth(type, element) : widthOf(type, element);
  return { encoding, values, isBoolean: type === 'BOOLEAN', width };
}

const widthOf = (type: ParquetType, element: SchemaElement): number | undefined =>
  type === 'FIXED_LEN_BYTE_ARRAY' ? element.type_length : WIDTHS[type];

const leastWidth = (type: ParquetType, element: SchemaElement): number | undefined =>
  widthOf(type, element) ?? MIN_WIDTHS[type];

const levelsOf = ({ schemaPath }: Leaf) => ({
  repetition: getMaxRepetitionLevel(schemaPath),
  definition: getMaxDefinitionLevel(schemaPath),
});

const bitsOf = (level: number): number => 32 - Math.clz32(level);

function lengthOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw parquetCorrupt('the levels of a page have no length');
}

/** What the decoder throws of bytes that are not valid, as an error of ours. */
function decoding<Result>(decode: () => Result): Result {
  try {
    return decode();
  } catch (error) {
    if (error instanceof LonghaulError) throw error;
    throw parquetCorrupt(`a page cannot be decoded: ${(error as Error).message}`, error);
  }
}
