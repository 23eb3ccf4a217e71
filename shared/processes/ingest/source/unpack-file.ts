import type { WorkFiles } from '../../../jobs/process.ts';
import type { FileLocation } from './file-location.ts';

const MIB = 1024 * 1024;

/** Of an upload in parts: S3 takes no smaller one than 5 MiB but for the last, and 10,000 parts of this are 80 GiB. */
const PART_BYTES = 8 * MIB;

/** Writes decompressed pieces as a file of the job, in bounded memory. Of no bytes nothing is stored, and nothing is read. */
export async function unpackFile(
  files: WorkFiles,
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<FileLocation> {
  const upload = await files.create(name);
  const part = new Uint8Array(PART_BYTES);
  let filled = 0;
  let bytes = 0;
  let parts = 0;
  try {
    for await (const piece of pieces) {
      for (let done = 0; done < piece.length;) {
        const length = Math.min(piece.length - done, PART_BYTES - filled);
        part.set(piece.subarray(done, done + length), filled);
        done += length;
        filled += length;
        if (filled < PART_BYTES) continue;
        await upload.putPart(++parts, part.slice());
        filled = 0;
      }
      bytes += piece.length;
    }
    if (filled > 0) await upload.putPart(++parts, part.slice(0, filled));
    if (parts > 0) await upload.complete();
    else await upload.abort();
  } catch (error) {
    await upload.abort();
    throw error;
  }
  return { kind: 'work', name, bytes };
}
