import { SHARED_PART_LIMITS } from '../../../geo/upload/part-sink.ts';
import { PositionUploader } from '../../../geo/upload/position-uploader.ts';
import type { WorkFiles } from '../../../jobs/process.ts';
import type { FileLocation } from './file-location.ts';

/** Writes decompressed pieces as a file of the job, in bounded memory. Of no bytes nothing is stored, and nothing is read. */
export async function unpackFile(
  files: WorkFiles,
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<FileLocation> {
  const upload = await files.create(name);
  const uploader = new PositionUploader(upload, 0, undefined, SHARED_PART_LIMITS);
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      await uploader.write(bytes, piece);
      bytes += piece.length;
    }
    if (bytes > 0) await uploader.finish(bytes);
    else await upload.abort();
  } catch (error) {
    await uploader.settle();
    await upload.abort();
    throw error;
  }
  return { kind: 'work', name, bytes };
}
