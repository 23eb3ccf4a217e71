import { FEATURE_ID } from './feature-sink.ts';

/** Names that outputs need for themselves: GeoParquet's geometry and covering, and what readers call the geometry of others. */
const RESERVED = ['geometry', 'bbox'];
/** Longest name: readers of some formats cut them off behind it. */
const MAX_NAME_BYTES = 255;
/** Room for what makes a name unique. */
const SUFFIX_BYTES = 8;

export interface ColumnName {
  name: string;
  /** Why it is not the name of the source. */
  reasons: string[];
}

/**
 * Gives fields names that every output can have: not empty, without control characters, of at most 255 bytes, and unique
 * whatever the case of their letters. A field keeps its name before others are made that would be the same.
 */
export function columnNames(sources: readonly string[]): ColumnName[] {
  const wished = sources.map(wishedName);
  const taken = new Set(RESERVED);
  const names: ColumnName[] = [];
  // Those whose wish is their own name choose first, then those whose name was changed, the identifier last.
  for (const round of [0, 1, 2]) {
    for (const [index, source] of sources.entries()) {
      const wish = wished[index]!;
      const turn = source === FEATURE_ID ? 2 : wish.reasons.length > 0 ? 1 : 0;
      if (turn === round) names[index] = uniqueName(wish, taken);
    }
  }
  return names;
}

function wishedName(source: string): ColumnName {
  if (source === FEATURE_ID) return { name: 'id', reasons: ['It is the identifier of the features.'] };
  const reasons: string[] = [];
  let name = source
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  if (name !== source) reasons.push('Control characters and spaces around the name are left out.');
  if (name === '') {
    name = 'field';
    reasons.push('The field has no name.');
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    name = cut(name, MAX_NAME_BYTES);
    reasons.push(`The name is cut to ${MAX_NAME_BYTES} bytes.`);
  }
  return { name, reasons };
}

function uniqueName({ name, reasons }: ColumnName, taken: Set<string>): ColumnName {
  let unique = name;
  for (let number = 2; taken.has(unique.toLowerCase()); number++) {
    unique = `${cut(name, MAX_NAME_BYTES - SUFFIX_BYTES)}_${number}`;
  }
  const isReserved = RESERVED.includes(name.toLowerCase());
  taken.add(unique.toLowerCase());
  if (unique === name) return { name, reasons };
  const why = isReserved
    ? `«${name}» is the name of another part of the outputs.`
    : `Another field is named «${name}» when the case of letters is ignored.`;
  return { name: unique, reasons: [...reasons, why] };
}

/** The longest beginning of a name that takes at most so many bytes. */
function cut(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(bytes));
  return name.slice(0, read);
}
