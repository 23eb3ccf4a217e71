import { Readable, type Transform } from 'node:stream';

/** Bytes of each piece that comes out. */
export const OUTPUT_BYTES = 256 * 1024;

/**
 * Sends pieces through a decompressor of node:zlib, a piece ahead of what is taken.
 * @param asCorrupt makes an error out of what the decompressor says; errors of `pieces` stay what they are
 */
export async function* decompressPieces(
  pieces: AsyncIterable<Uint8Array>,
  decompressor: Transform,
  asCorrupt: (error: unknown) => Error,
): AsyncGenerator<Uint8Array, void, undefined> {
  let failure: Error | undefined;
  const watched = async function* () {
    try {
      yield* pieces;
    } catch (error) {
      failure = error as Error;
      throw error;
    }
  };
  const source = Readable.from(watched(), { objectMode: true, highWaterMark: 1 });
  source.on('error', (error) => decompressor.destroy(error));
  try {
    yield* source.pipe(decompressor) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw asCorrupt(error);
  } finally {
    source.destroy();
    decompressor.destroy();
  }
}
