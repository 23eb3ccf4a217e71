const MIB = 1024 * 1024;

/** Memory that lies ready; more than that is left to the garbage collector. */
const MAX_KEPT_BYTES = 48 * MIB;

/** Sizes are rounded up to a power of two from here on, so that one buffer fits many windows. */
const MIN_BYTES = 64 * 1024;

/** Memory that is used again and again: windows come by the hundred each second, and garbage of theirs would pile up. */
export interface BufferPool {
  /** Memory of at least so many bytes, with anything in it. */
  take(bytes: number): ArrayBuffer;
  /** Gives memory back, once nothing can write to it any more. */
  give(buffer: ArrayBuffer): void;
}

export function createBufferPool(): BufferPool {
  const free = new Map<number, ArrayBuffer[]>();
  let keptBytes = 0;
  return {
    take(bytes) {
      const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, MIN_BYTES)));
      const buffer = free.get(size)?.pop();
      if (buffer === undefined) return new ArrayBuffer(size);
      keptBytes -= size;
      return buffer;
    },
    give(buffer) {
      const size = buffer.byteLength;
      if (keptBytes + size > MAX_KEPT_BYTES) return;
      keptBytes += size;
      const list = free.get(size);
      if (list === undefined) free.set(size, [buffer]);
      else list.push(buffer);
    },
  };
}
