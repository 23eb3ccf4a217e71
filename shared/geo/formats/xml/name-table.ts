/** Names that are kept as strings; others are made anew each time. */
const MAX_NAMES = 4096;
const SLOTS = MAX_NAMES / 2;

interface Entry {
  bytes: Uint8Array;
  name: string;
  next: Entry | undefined;
}

/**
 * Strings for names in bytes, made once each. Names that are known beforehand are found in any case where `foldCase`
 * says so, and come as they were given: files write `PLACEMARK` and `Snippet`.
 */
export class NameTable {
  readonly #slots = new Array<Entry | undefined>(SLOTS).fill(undefined);
  readonly #known: ReadonlyMap<string, string>;
  readonly #foldCase: boolean;
  #count = 0;

  constructor(known: readonly string[] = [], foldCase = false) {
    this.#foldCase = foldCase;
    this.#known = new Map(known.map((name) => [foldCase ? name.toLowerCase() : name, name]));
  }

  lookup(bytes: Uint8Array, start: number, end: number): string {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const slot = hash & (SLOTS - 1);
    for (let entry = this.#slots[slot]; entry !== undefined; entry = entry.next) {
      if (isSame(entry.bytes, bytes, start, end)) return entry.name;
    }
    return this.#add(slot, bytes.slice(start, end));
  }

  #add(slot: number, bytes: Uint8Array): string {
    const written = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    const name = this.#known.get(this.#foldCase ? written.toLowerCase() : written) ?? written;
    if (this.#count < MAX_NAMES) {
      this.#slots[slot] = { bytes, name, next: this.#slots[slot] };
      this.#count++;
    }
    return name;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
