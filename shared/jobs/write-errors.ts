import { chunkUrl, errorsUrl } from './folders.ts';
import type { ErrorRecord, JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import type { ErrorLine, UnitError } from './process.ts';
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

/**
 * Writes the complete list of errors as NDJSON, and gives back the first few. Writes nothing when there is none.
 * @param more what the process lists besides the units that failed
 */
export async function writeErrors(
  platform: Platform,
  key: JobKey,
  more: AsyncIterable<ErrorLine> = none(),
): Promise<ErrorRecord[]> {
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
  const list = async (error: ErrorRecord, sampled: () => ErrorRecord): Promise<void> => {
    if (sample.length < MAX_ERROR_SAMPLE) sample.push(sampled());
    const line = `${JSON.stringify(error)}\n`;
    lines.push(line);
    size += Buffer.byteLength(line);
    if (size >= PART_BYTES) await flush();
  };
  for await (const error of failedUnits(platform, key)) await list(error, () => error);
  for await (const error of more) await list(error, () => errorRecordOf(error));
  if (size > 0) await flush();
  await upload?.complete();
  return sample;
}

const RECORD_MEMBERS: ReadonlySet<string> = new Set<keyof ErrorRecord>(['code', 'detail', 'remedy', 'dataset', 'unit']);

/** Without what a process added: the row has little room. */
function errorRecordOf(line: ErrorLine): ErrorRecord {
  const members = Object.entries(line).filter(([name]) => RECORD_MEMBERS.has(name));
  return Object.fromEntries(members) as unknown as ErrorRecord;
}

async function* none(): AsyncGenerator<never> {}
