/**
 * Gives the memory of bytes back that nobody reads any more. The collector learns of them late, and looks through the whole heap
 * each time some ten MiB of buffers have come to be. They are empty after it; a part of a buffer is left alone.
 * @param bytes that are nobody else's
 */
export function releaseBytes({ buffer, byteLength }: Uint8Array): void {
  const isWhole = byteLength > 0 && byteLength === buffer.byteLength;
  if (isWhole && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
