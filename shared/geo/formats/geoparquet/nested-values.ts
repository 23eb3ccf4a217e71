import type { DecodedArray, SchemaTree } from 'hyparquet';
import { assembleNested } from 'hyparquet/src/assemble.js';
import { parquetCorrupt } from './read-errors.ts';
import type { Leaf } from './decode-page.ts';
import { dateText, timestampText } from './write-value.ts';

/** How values within lists, maps and structures are told in JSON: exact, and as ISO 8601. */
export const NESTED_PARSERS: Leaf['parsers'] = {
  timestampFromMilliseconds: (value) => timestampText(value, 3, true) ?? value,
  timestampFromMicroseconds: (value) => timestampText(value, 6, true) ?? value,
  timestampFromNanoseconds: (value) => timestampText(value, 9, true) ?? value,
  dateFromDays: (days) => dateText(days) ?? days,
  stringFromBytes: (bytes) => bytes && Buffer.from(bytes).toString('utf8'),
  jsonFromBytes: (bytes) => bytes && jsonOf(Buffer.from(bytes).toString('utf8')),
  geometryFromBytes: (bytes) => bytes,
  geographyFromBytes: (bytes) => bytes,
  uuidFromBytes: (bytes) => bytes && Buffer.from(bytes).toString('hex'),
};

/**
 * Puts the values of a list, map or structure together out of those of its leaves.
 * @param leaves rows of each leaf, by its path joined with dots
 * @returns one value for each row
 * @throws LonghaulError `parquet-corrupt` (final)
 */
export function assembleRows(leaves: Map<string, DecodedArray>, tree: SchemaTree, rows: number): ArrayLike<unknown> {
  try {
    assembleNested(leaves, tree, NESTED_PARSERS);
  } catch (error) {
    throw parquetCorrupt(
      `the values of ${tree.path.join('.')} do not fit together: ${(error as Error).message}`,
      error,
    );
  }
  const values = leaves.get(tree.path.join('.'));
  if (values?.length !== rows)
    throw parquetCorrupt(`${tree.path.join('.')} has ${values?.length ?? 0} of ${rows} values`);
  return values;
}

/** JSON of a nested value: integers beyond 53 bits as text, bytes in Base64, numbers that are none as null. */
export function nestedJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'bigint') return Number.isSafeInteger(Number(each)) ? Number(each) : each.toString();
    if (each instanceof Uint8Array) return Buffer.from(each).toString('base64');
    // Buffers tell themselves as objects before they come here.
    if (isBufferJson(each)) return Buffer.from(each.data).toString('base64');
    return ArrayBuffer.isView(each) ? Array.from(each as unknown as ArrayLike<unknown>) : each;
  });
}

const isBufferJson = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
