import fc from 'fast-check';

/** A change of a file, in place or not; positions are fractions, so that they hold for a file of any length. */
export type Edit =
  | { kind: 'set'; at: number; bytes: readonly number[] }
  | { kind: 'cut'; at: number }
  | { kind: 'remove'; at: number; length: number }
  | { kind: 'insert'; at: number; bytes: readonly number[] }
  | { kind: 'copy'; from: number; at: number; length: number };

/** Most bytes that one edit moves. */
const MAX_MOVED = 64;

const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const few = fc.array(fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff), fc.nat(255)), {
  minLength: 1,
  maxLength: 8,
});
const length = fc.integer({ min: 1, max: MAX_MOVED });

/** One to six edits, mostly in place: what keeps the shape of a file gets further into its reader. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), at: fraction, bytes: few }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fraction }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fraction, length }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert' as const), at: fraction, bytes: few }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const), from: fraction, at: fraction, length }) },
  ),
  { minLength: 1, maxLength: 6 },
);

/** The file after the edits, in a buffer of its own. */
export function edited(file: Uint8Array, list: readonly Edit[]): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(file);
  for (const edit of list) bytes = editOnce(bytes, edit);
  return bytes;
}

function editOnce(bytes: Uint8Array<ArrayBuffer>, edit: Edit): Uint8Array<ArrayBuffer> {
  const at = Math.floor(edit.at * bytes.length);
  switch (edit.kind) {
    case 'set':
      bytes.set(edit.bytes.slice(0, bytes.length - at), at);
      return bytes;
    case 'cut':
      return bytes.slice(0, at);
    case 'remove':
      return joined([bytes.subarray(0, at), bytes.subarray(at + edit.length)]);
    case 'insert':
      return joined([bytes.subarray(0, at), Uint8Array.from(edit.bytes), bytes.subarray(at)]);
    case 'copy': {
      const from = Math.floor(edit.from * bytes.length);
      bytes.set(bytes.slice(from, from + Math.min(edit.length, bytes.length - Math.max(from, at))), at);
      return bytes;
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
