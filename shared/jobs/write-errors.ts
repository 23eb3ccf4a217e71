import { chunkUrl, errorsUrl } from './folders.ts';
import type { ErrorRecord, JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import type { UnitError } from './process.ts';
import { readChunkHeader } from './read-chunk.ts';
import { readShards } from './read-layers.ts';

/** Errors kept on the row; the complete list is an object. */
export const MAX_ERROR_SAMPLE = 5;

/** S3 takes no smaller part, but for the last. */
const PART_BYTES = 8 * 1024 * 1024;

/** Every unit that failed, in the order of its chunks. */
export async function* failedUnits(platform: Platform, key: JobKey): AsyncGenerator<UnitError> {
  for await (const shard of readShards(platform, key)) {
    for (const chunk of [...shard.failedChunks].sort((a, b) => a - b)) {
      const { errors } = await readChunkHeader(platform, chunkUrl(platform.locations, key, shard.shard, chunk));
      yield* errors;
    }
  }
}

/** Writes the complete list of errors as NDJSON, and gives back the first few. Writes nothing when there is none. */
export async function writeErrors(platform: Platform, key: JobKey): Promise<ErrorRecord[]> {
  const sample: ErrorRecord[] = [];
  let lines: string[] = [];
  let size = 0;
  let partNumber = 0;
  let upload: Awaited<ReturnType<Platform['objects']['createUpload']>> | undefined;
  const flush = async (): Promise<void> => {
    upload ??= await platform.objects.createUpload(errorsUrl(platform.locations, key), 'application/x-ndjson');
    await upload.putPart(++partNumber, new TextEncoder().encode(lines.join('')));
    lines = [];
    size = 0;
  };
  for await (const error of failedUnits(platform, key)) {
    if (sample.length < MAX_ERROR_SAMPLE) sample.push(error);
    const line = `${JSON.stringify(error)}\n`;
    lines.push(line);
    size += Buffer.byteLength(line);
    if (size >= PART_BYTES) await flush();
  }
  if (size > 0) await flush();
  await upload?.complete();
  return sample;
}
