import { formatUnknown } from './errors.ts';

/** The beginning of a text. Characters outside of ASCII need not be right: no format is told by them. */
export interface HeadText {
  text: string;
  /** UTF-16 that no byte order mark tells of. */
  encoding?: 'utf-16le' | 'utf-16be';
}

/** Share of control characters above which a file is no text: one NUL in a table is left to the reader of tables. */
const MAX_CONTROL_SHARE = 0.01;

/**
 * Reads the beginning of a file as text: UTF-8 and encodings that agree with ASCII, UTF-16 with and without a mark.
 * @throws LonghaulError `vector-format-unknown` (final) when it is binary
 */
export function headText(head: Uint8Array): HeadText {
  const [a = 0, b = 0, c = 0, d = 0] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return checked({ text: decode(head.subarray(3), 'latin1') });
  if (a === 0xff && b === 0xfe) return checked({ text: decode(head.subarray(2), 'utf-16le') });
  if (a === 0xfe && b === 0xff) return checked({ text: decode(head.subarray(2), 'utf-16be') });
  // The first two characters of every text format are ASCII.
  if (head.length >= 4 && a !== 0 && b === 0 && c !== 0 && d === 0) return unmarked(head, 'utf-16le');
  if (head.length >= 4 && a === 0 && b !== 0 && c === 0 && d !== 0) return unmarked(head, 'utf-16be');
  return checked({ text: decode(head, 'latin1') });
}

const unmarked = (head: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): HeadText =>
  checked({ text: decode(head, encoding), encoding });

function checked(head: HeadText): HeadText {
  // eslint-disable-next-line no-control-regex -- control characters are what tells binary from text
  const controls = head.text.match(/[\u0000-\u0008\u000e-\u001d\u001f\u007f]/g)?.length ?? 0;
  if (controls > head.text.length * MAX_CONTROL_SHARE)
    throw formatUnknown('it is binary, and of no format that is known');
  return head;
}

const decode = (bytes: Uint8Array, encoding: 'latin1' | 'utf-16le' | 'utf-16be'): string =>
  new TextDecoder(encoding).decode(bytes);
