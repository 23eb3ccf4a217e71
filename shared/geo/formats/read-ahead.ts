import type { RangeReader } from '../../sources/range-reader.ts';
import { ReadStreams, type ReadStream } from './read-streams.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Unit in which bytes are kept and looked up: the largest page of SQLite, so that a page lies within one. */
export const CHUNK_BYTES = 64 * KIB;

/** Bytes of one read that goes on where another ended. */
export const MAX_READ_BYTES = 4 * MIB;

/** Bytes kept of the file, beside those that a single range asks for. */
const CACHE_BYTES = 16 * MIB;

/** Bytes of a file that were read together. */
export interface Run {
  /** Offset of the first byte in the file. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

interface Loading {
  readonly start: number;
  readonly end: number;
  run: Run | undefined;
  readonly loaded: Promise<Run>;
}

export interface ReadAheadOptions {
  signal: AbortSignal;
  /** The error for a range that ends behind the end of the file, which has `size` bytes. */
  truncated: (offset: number, end: number, size: number) => Error;
  /** Bytes of the first read at a place; 64 KiB by default, more where it is known that the file is read on from there. */
  firstBytes?: number;
}

/**
 * Reads a file by ranges that mostly follow each other, in few reads: whoever reads on gets twice as much each time, up to
 * 4 MiB, and the next such read begins before it is asked for. Several places can be read on from at once. Memory is
 * bounded by the cache, two reads, and the largest range that is asked for.
 */
export class ReadAhead implements Disposable {
  readonly size: number;
  readonly #reader: RangeReader;
  readonly #options: ReadAheadOptions;
  readonly #disposal = new AbortController();
  readonly #signal: AbortSignal;
  readonly #streams: ReadStreams;
  /** By number of the chunk; in the order in which they were read. */
  readonly #chunks = new Map<number, Loading>();
  #cachedBytes = 0;
  #last: Run = { start: 0, end: 0, bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)) };

  constructor(reader: RangeReader, options: ReadAheadOptions) {
    this.size = reader.size;
    this.#reader = reader;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#disposal.signal]);
    const firstChunks = Math.ceil((options.firstBytes ?? CHUNK_BYTES) / CHUNK_BYTES);
    this.#streams = new ReadStreams(firstChunks, MAX_READ_BYTES / CHUNK_BYTES);
  }

  /** Ends reads that nobody waits for any more. */
  [Symbol.dispose](): void {
    this.#disposal.abort();
  }

  /** The bytes that hold a range, when they are there already. */
  find(offset: number, length: number): Run | undefined {
    const last = this.#last;
    if (offset >= last.start && offset + length <= last.end) return last;
    const loading = this.#chunks.get(Math.floor(offset / CHUNK_BYTES));
    if (loading?.run === undefined || offset + length > loading.run.end) return undefined;
    this.#readOn(loading);
    return (this.#last = loading.run);
  }

  /**
   * The bytes that hold a range, which `find` gives as well until another is asked for.
   * @throws Error as `options.truncated` makes it, and as `RangeReader.read`
   */
  async load(offset: number, length: number): Promise<Run> {
    const end = offset + length;
    if (end > this.size) throw this.#options.truncated(offset, end, this.size);
    this.#signal.throwIfAborted();
    const first = Math.floor(offset / CHUNK_BYTES);
    const last = Math.max(first, Math.ceil(end / CHUNK_BYTES) - 1);
    const parts: Run[] = [];
    for (let chunk = first; chunk <= last;) {
      const loading = this.#chunks.get(chunk) ?? this.#start(chunk, this.#streams.take(chunk), last - chunk + 1);
      const run = loading.run ?? (await loading.loaded);
      this.#readOn(loading);
      parts.push(run);
      chunk = Math.ceil(run.end / CHUNK_BYTES);
    }
    return (this.#last = parts.length === 1 ? parts[0]! : joined(parts, offset, end));
  }

  /** Begins the read behind this one, when this one went on from another. */
  #readOn(loading: Loading): void {
    const next = Math.ceil(loading.end / CHUNK_BYTES);
    const stream = this.#streams.takeContinued(next);
    if (stream === undefined || loading.end >= this.size || this.#chunks.has(next)) return;
    this.#start(next, stream, 1);
  }

  /** Starts a read of the length of its stream, of `needed` chunks at least, up to what is there already. */
  #start(chunk: number, stream: ReadStream, needed: number): Loading {
    const wanted = Math.max(stream.length, needed);
    let count = 1;
    while (count < wanted && !this.#chunks.has(chunk + count)) count++;
    const start = chunk * CHUNK_BYTES;
    const end = Math.min(start + count * CHUNK_BYTES, this.size);
    const loaded = this.#read(start, end).then((run) => (loading.run = run));
    const loading: Loading = { start, end, run: undefined, loaded };
    // Whoever asks for these bytes gets the error; nobody may ask for what was read ahead.
    loaded.catch(() => this.#drop(loading));
    for (let index = 0; index < count; index++) this.#chunks.set(chunk + index, loading);
    this.#cachedBytes += end - start;
    this.#streams.add(chunk + count, stream);
    this.#evict(loading);
    return loading;
  }

  async #read(start: number, end: number): Promise<Run> {
    const bytes = await this.#reader.read(start, end - start, this.#signal);
    if (bytes.length < end - start) throw this.#options.truncated(start, end, start + bytes.length);
    return { start, end, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  }

  #evict(newest: Loading): void {
    for (const loading of this.#chunks.values()) {
      if (this.#cachedBytes <= CACHE_BYTES || loading === newest) return;
      this.#drop(loading);
    }
  }

  #drop(loading: Loading): void {
    for (let chunk = loading.start / CHUNK_BYTES; chunk * CHUNK_BYTES < loading.end; chunk++) {
      if (this.#chunks.get(chunk) !== loading) return;
      this.#chunks.delete(chunk);
    }
    this.#cachedBytes -= loading.end - loading.start;
  }
}

function joined(parts: readonly Run[], start: number, end: number): Run {
  const bytes = new Uint8Array(end - start);
  for (const part of parts) {
    const from = Math.max(start, part.start);
    bytes.set(part.bytes.subarray(from - part.start, end - part.start), from - start);
  }
  return { start, end, bytes, view: new DataView(bytes.buffer) };
}
