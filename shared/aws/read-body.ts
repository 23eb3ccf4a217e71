import { addAbortSignal, Readable } from 'node:stream';

/** What is needed of the answer to GetObject. */
export interface ObjectBody {
  Body?: unknown;
  ContentLength?: number | undefined;
}

export interface ReadBodyOptions {
  /** Longest body that is read. */
  maxBytes: number;
  /** Makes the error of a body that is longer; `actual` is what its sender says, or what has been read. */
  tooLarge: (actual: number) => Error;
  /** Makes the error of a body that ended early, stalled, or does not match its checksum. */
  interrupted: (cause: unknown) => Error;
  /** Ends the read, as interrupted. */
  signal?: AbortSignal | undefined;
}

/** Reads a body whole, in bounded memory, and lets go of its connection however that ends. */
export async function readBody({ Body, ContentLength }: ObjectBody, options: ReadBodyOptions): Promise<Uint8Array> {
  if (Body === undefined) return new Uint8Array(0);
  if (!(Body instanceof Readable)) throw new TypeError('the body of an object is not a stream of Node');
  if (ContentLength !== undefined && ContentLength > options.maxBytes) {
    Body.destroy();
    throw options.tooLarge(ContentLength);
  }
  // The SDK minds a signal only until the headers are there.
  if (options.signal !== undefined) addAbortSignal(options.signal, Body);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > options.maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw options.interrupted(error);
  }
  if (bytes > options.maxBytes) throw options.tooLarge(bytes);
  if (ContentLength !== undefined && bytes < ContentLength) {
    throw options.interrupted(new Error(`the body ended after ${bytes} of ${ContentLength} bytes`));
  }
  return joined(chunks, bytes);
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
