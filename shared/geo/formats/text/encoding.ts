import { encodingUnsupported } from './errors.ts';

/** How a text is stored, and where it begins. */
export interface TextEncoding {
  /** Name by the Encoding Standard of WHATWG. */
  name: string;
  /** Bytes of a byte order mark before the text. */
  bomBytes: number;
}

/** Those of the Encoding Standard in which each byte is a character. */
const SINGLE_BYTE =
  /^(ibm866|iso-8859-(2|3|4|5|6|7|8|8-i|10|13|14|15|16)|koi8-[ru]|macintosh|windows-(874|125[0-8])|x-mac-cyrillic)$/;

/** Bytes that a file is looked at for its byte order mark. */
export const BOM_BYTES = 3;

/**
 * Finds the encoding of a text by its byte order mark (Unicode 16, 23.8); then what the caller says holds, then UTF-8.
 * @param first the first bytes of the file
 * @param told any label of the Encoding Standard, such as `latin1`
 * @throws LonghaulError `encoding-unsupported` (final)
 */
export function findEncoding(first: Uint8Array, told?: string): TextEncoding {
  if (first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf) return { name: 'utf-8', bomBytes: 3 };
  if (first[0] === 0xff && first[1] === 0xfe) return { name: 'utf-16le', bomBytes: 2 };
  if (first[0] === 0xfe && first[1] === 0xff) return { name: 'utf-16be', bomBytes: 2 };
  return { name: told === undefined ? 'utf-8' : encodingName(told), bomBytes: 0 };
}

/** Bytes in the source of one unit of UTF-16: what offsets in transcoded text are counted by. */
export function bytesOfUnit(name: string): 1 | 2 {
  return name.startsWith('utf-16') ? 2 : 1;
}

function encodingName(label: string): string {
  const name = nameOf(label);
  const isKnown = name === 'utf-8' || name?.startsWith('utf-16') === true || SINGLE_BYTE.test(name ?? '');
  if (name === undefined || !isKnown) throw encodingUnsupported(label);
  return name;
}

function nameOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
