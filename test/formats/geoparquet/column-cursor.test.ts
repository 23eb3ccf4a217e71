import type { ColumnMetaData, SchemaElement } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { openCursor } from '../../../shared/geo/formats/geoparquet/column-cursor.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { rawParquet, varint, type RawPage } from '../../helpers/raw-parquet.ts';

const INT32 = 1;

/** Levels of one bit, packed: eight at most. */
function packed(values: readonly number[]): Buffer {
  const length = Buffer.from('02000000', 'hex');
  return Buffer.concat([
    length,
    varint(3n),
    Buffer.of(values.reduce((bits, value, index) => bits | (value << index), 0)),
  ]);
}

/** A page of a repeated column of numbers: the repetition level of each, all defined. */
function page(repetition: readonly number[], numbers: readonly number[]): RawPage {
  const plain = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => plain.writeInt32LE(number, 4 * index));
  const body = Buffer.concat([packed(repetition), packed(numbers.map(() => 1)), plain]);
  return { values: numbers.length, body };
}

async function rowsOf(pages: RawPage[], skip: number, count: number): Promise<unknown[]> {
  const bytes = rawParquet({ pages, type: INT32 });
  const chunkBytes = pages.reduce((sum, { body }) => sum + body.length, 0);
  const end = bytes.indexOf(0x15, 4 + chunkBytes + pages.length * 10);
  const meta = { data_page_offset: 4n, total_compressed_size: BigInt(end - 4) } as ColumnMetaData;
  const element: SchemaElement = { name: 'n', type: 'INT32', repetition_type: 'REPEATED' };
  const node = (of: SchemaElement, path: string[]) => ({ element: of, children: [], count: 1, path });
  const leaf = {
    pathInSchema: ['n'],
    type: 'INT32' as const,
    element,
    schemaPath: [node({ name: 'schema' }, []), node(element, ['n'])],
    codec: 'UNCOMPRESSED' as const,
    parsers: {} as never,
  };
  const options = { signal: new AbortController().signal, pieceBytes: 64 };
  const cursor = openCursor(memoryReader(bytes), meta, leaf, skip, options);
  const rows: unknown[] = [];
  while (rows.length < count) {
    if (cursor.available === 0) await cursor.load();
    rows.push(cursor.take());
  }
  return rows;
}

describe('openCursor of a repeated column', () => {
  const pages = [page([0, 1, 0, 1], [1, 2, 3, 4]), page([1, 1, 0], [5, 6, 7]), page([1, 0], [8, 9])];

  it('goes on with a list on the next page', async () => {
    expect(await rowsOf(pages, 0, 4)).toEqual([[1, 2], [3, 4, 5, 6], [7, 8], [9]]);
  });

  it.each([1, 2, 3])('passes over %i rows', async (skip) => {
    expect(await rowsOf(pages, skip, 4 - skip)).toEqual([[1, 2], [3, 4, 5, 6], [7, 8], [9]].slice(skip));
  });

  it('does not begin within a list, and does not end before its rows do', async () => {
    await expect(rowsOf([page([1, 0], [1, 2])], 0, 1)).rejects.toMatchObject({ code: 'parquet-corrupt' });
    await expect(rowsOf(pages, 0, 5)).rejects.toMatchObject({ code: 'parquet-corrupt' });
  });
});
