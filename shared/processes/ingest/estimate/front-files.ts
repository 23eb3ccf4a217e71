import { HEAD_BYTES } from '../../../geo/formats/detect-format.ts';
import { cutFront } from '../../../geo/formats/text/cut-front.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import type { FileLocation } from '../source/file-location.ts';
import { FRONT_BYTES, MAX_UNPACKED_BYTES } from './front-limits.ts';

/** The first bytes of a file, or all of it. */
export interface Front {
  bytes: Uint8Array;
  isWhole: boolean;
  /** Bytes of the whole file, where they are known. */
  size?: number;
}

/** Keeps the beginnings of unpacked files in memory: what an estimate has in the place of the files of a job. */
export class FrontFiles {
  readonly #fronts = new Map<string, Front>();
  #left = MAX_UNPACKED_BYTES;

  /** Takes the first pieces of a file and leaves the others; of files that come late, enough to tell what they are. */
  async unpack(name: string, pieces: AsyncIterable<Uint8Array>, size?: number): Promise<FileLocation> {
    const most = Math.max(HEAD_BYTES, Math.min(FRONT_BYTES, this.#left));
    const taken: Uint8Array[] = [];
    let length = 0;
    let isWhole = true;
    for await (const piece of pieces) {
      taken.push(piece);
      length += piece.length;
      if (length <= most) continue;
      isWhole = false;
      break;
    }
    const bytes = Buffer.concat(taken);
    // A copy, which does not keep what is behind it.
    const front: Front = isWhole
      ? { bytes, isWhole, size: length }
      : {
          bytes: cutFront(Uint8Array.prototype.slice.call(bytes, 0, most)),
          isWhole,
          ...(size === undefined ? {} : { size }),
        };
    this.#left -= front.bytes.length;
    this.#fronts.set(name, front);
    return { kind: 'work', name, bytes: front.bytes.length };
  }

  open(name: string): RangeReader {
    return memoryFile(this.front(name).bytes, name);
  }

  front(name: string): Front {
    const front = this.#fronts.get(name);
    if (front === undefined) throw new RangeError(`there is no file ${name}`);
    return front;
  }
}

export function memoryFile(bytes: Uint8Array, name: string): RangeReader {
  return {
    url: new URL(`memory:${encodeURIComponent(name)}`),
    size: bytes.length,
    etag: '"front"',
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      if (!(offset >= 0 && length > 0 && offset < bytes.length)) {
        throw new RangeError(`${length} bytes from ${offset} are not in the file`);
      }
      // A copy: a slice of a Node buffer is none.
      return new Uint8Array(bytes.subarray(offset, offset + length));
    },
  };
}
