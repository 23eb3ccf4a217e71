/** A match is at least so long (LZ4 block format). */
const MIN_MATCH = 4;
/** A length of so much goes on in the bytes that follow. */
const LONG = 15;

/**
 * Decodes one LZ4 block.
 * @param target is filled to its end
 * @throws Error when the block is not valid, or becomes more or less than the target
 */
export function decodeLz4(source: Uint8Array, target: Uint8Array): void {
  let from = 0;
  let to = 0;
  for (;;) {
    const token = next();
    const literals = lengthOf(token >> 4);
    if (literals > source.length - from || literals > target.length - to) throw new Error('a literal is too long');
    target.set(source.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === source.length) break;
    const offset = next() | (next() << 8);
    const match = lengthOf(token & LONG) + MIN_MATCH;
    if (offset === 0 || offset > to) throw new Error('a match begins before the data');
    if (match > target.length - to) throw new Error('a match is too long');
    // A match may run into itself, and then repeats what it has written.
    if (offset >= match) target.copyWithin(to, to - offset, to - offset + match);
    else for (let index = 0; index < match; index++) target[to + index] = target[to - offset + index]!;
    to += match;
  }
  if (to !== target.length) throw new Error(`it has ${to} bytes, not ${target.length}`);

  function next(): number {
    if (from >= source.length) throw new Error('it is cut off');
    return source[from++]!;
  }

  function lengthOf(nibble: number): number {
    let length = nibble;
    if (nibble < LONG) return length;
    for (let byte = 255; byte === 255;) {
      byte = next();
      length += byte;
    }
    return length;
  }
}

/** Length of the content and of the block, before each block (Hadoop). */
const HADOOP_PREFIX_BYTES = 8;

/**
 * Decodes what the codec LZ4 of Parquet stands for: blocks with the lengths that Hadoop writes before them, or one block.
 * @throws Error as `decodeLz4`
 */
export function decodeHadoopLz4(source: Uint8Array, target: Uint8Array): void {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  if (!isHadoop(view, target.length)) {
    decodeLz4(source, target);
    return;
  }
  for (let from = 0, to = 0; from < source.length;) {
    const content = view.getUint32(from);
    const block = view.getUint32(from + 4);
    const start = from + HADOOP_PREFIX_BYTES;
    decodeLz4(source.subarray(start, start + block), target.subarray(to, to + content));
    from = start + block;
    to += content;
  }
}

/** Whether the lengths of all blocks add up. */
function isHadoop(view: DataView, bytes: number): boolean {
  let from = 0;
  let content = 0;
  while (from + HADOOP_PREFIX_BYTES <= view.byteLength && content <= bytes) {
    content += view.getUint32(from);
    from += HADOOP_PREFIX_BYTES + view.getUint32(from + 4);
  }
  return from === view.byteLength && content === bytes;
}
