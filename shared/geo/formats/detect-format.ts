import { detectJson } from './detect/detect-json.ts';
import { detectMagic } from './detect/detect-magic.ts';
import { detectXml } from './detect/detect-xml.ts';
import { formatUnknown, sourceEmpty } from './detect/errors.ts';
import type { FormatId } from './detect/format-id.ts';
import { headText } from './detect/head-text.ts';

export type { FormatId } from './detect/format-id.ts';

/** Bytes of a file that tell what it is. */
export const HEAD_BYTES = 64 * 1024;

export interface DetectedFormat {
  id: FormatId;
  /** IANA name of the encoding where the reader cannot see it: UTF-16 without a byte order mark. */
  encoding?: 'utf-16le' | 'utf-16be';
}

/**
 * Tells what a file is by its first bytes, never by its name.
 * @param head the first `HEAD_BYTES` of the file, or all of it
 * @throws LonghaulError `source-empty`, `not-a-vector-format` for rasters, `vector-format-unsupported` for what is known
 *   and not read, `vector-format-unknown` (all final)
 */
export function detectFormat(head: Uint8Array): DetectedFormat {
  if (head.length === 0) throw sourceEmpty();
  const binary = detectMagic(head);
  if (binary !== undefined) return { id: binary };
  const { text, encoding } = headText(head.subarray(0, HEAD_BYTES));
  return { id: detectText(text.trimStart()), ...(encoding === undefined ? {} : { encoding }) };
}

function detectText(text: string): FormatId {
  if (text === '') throw sourceEmpty();
  if (text.startsWith('{') || text.startsWith('\u001e')) return detectJson(text);
  if (text.startsWith('<')) return detectXml(text);
  if (/^\[\s*[[{\]"\d-]/.test(text)) throw formatUnknown('it is a JSON array, and GeoJSON is an object');
  if (isTable(text)) return 'csv';
  throw formatUnknown('it is text, and neither JSON nor XML nor a table');
}

/** A table has columns, or is one column of geometries as WKT. */
function isTable(text: string): boolean {
  const [firstLine = ''] = text.split(/[\r\n]/, 1);
  return (
    /[,;\t|]/.test(firstLine) ||
    /^"?(wkt|wkb|geom|geometry|the_geom|shape|(multi)?(point|linestring|polygon))\b/i.test(firstLine)
  );
}
