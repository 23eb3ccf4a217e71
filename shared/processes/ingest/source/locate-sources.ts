import { createHash } from 'node:crypto';
import { CONTAINER_LIMITS } from '../../../geo/containers/container-limits.ts';
import { groupSources, type GroupedSource } from '../../../geo/containers/group-sources.ts';
import { gunzip } from '../../../geo/containers/gunzip.ts';
import { inflateEntry } from '../../../geo/containers/inflate-entry.ts';
import { listArchive } from '../../../geo/containers/list-archive.ts';
import { STORED, type ZipEntry } from '../../../geo/containers/zip-entry.ts';
import { detectFormat, HEAD_BYTES } from '../../../geo/formats/detect-format.ts';
import type { WorkFiles } from '../../../jobs/process.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { archiveWithin, archiveWithoutSource } from '../errors.ts';
import { openLocation, type FileLocation, type LocatedSource } from './file-location.ts';
import { unpackFile } from './unpack-file.ts';

/** Files beside a source that its reader takes; others are not unpacked. */
const COMPANIONS: ReadonlySet<string> = new Set(['dbf', 'shx', 'prj', 'cpg']);

export interface LocatedSources {
  sources: LocatedSource[];
  /** What was left out, one sentence each. */
  notes: string[];
}

/**
 * Keeps what is unpacked, under a name.
 * @param bytes of it, where its container tells them
 */
export type Unpack = (name: string, pieces: AsyncIterable<Uint8Array>, bytes?: number) => Promise<FileLocation>;

/**
 * Finds the files of features within a source. What is compressed is unpacked into files of the job, so that every chunk
 * can read its own part; what an archive stores as it is, is read where it lies.
 * @param name of the source's file, for what has no name of its own
 * @param unpack keeps what is unpacked where `files` opens it
 * @throws LonghaulError as `detectFormat`, `listArchive`, `inflateEntry`, `gunzip`; `archive-without-source`,
 *   `archive-within-archive` (final)
 */
export async function locateSources(
  { files, signal }: { files: Pick<WorkFiles, 'open'>; signal: AbortSignal },
  source: RangeReader,
  name: string,
  unpack: Unpack,
): Promise<LocatedSources> {
  const located = async (file: FileLocation, sourceName: string, companions: Record<string, FileLocation> = {}) => {
    const reader = await openLocation(source, files, file, signal);
    const { id: format, encoding } = await detect(reader, signal);
    if (format === 'zip' || format === 'gzip') throw archiveWithin(sourceName);
    return { format, name: sourceName, file, companions, ...(encoding === undefined ? {} : { encoding }) };
  };

  const { id } = await detect(source, signal);
  if (id === 'gzip') {
    const pieces = gunzip(source, { limits: CONTAINER_LIMITS, signal });
    return { sources: [await located(await unpack('content', pieces), name)], notes: [] };
  }
  if (id !== 'zip') return { sources: [await located({ kind: 'source' }, name)], notes: [] };

  const entries = await listArchive(source, CONTAINER_LIMITS, signal);
  const { sources: grouped, notes } = groupSources(entries);
  if (grouped.length === 0) throw archiveWithoutSource(entries.map((entry) => entry.name));
  const locate = async (entry: ZipEntry): Promise<FileLocation> =>
    entry.method === STORED
      ? { kind: 'entry', entry }
      : unpack(String(entries.indexOf(entry)), inflateEntry(source, entry, signal), entry.bytes);
  const sources: LocatedSource[] = [];
  for (const group of grouped) {
    const companions: Record<string, FileLocation> = {};
    for (const [extension, entry] of companionsOf(group)) companions[extension] = await locate(entry);
    sources.push(await located(await locate(group.file), group.name, companions));
  }
  return { sources, notes };
}

const companionsOf = ({ companions }: GroupedSource<ZipEntry>): [string, ZipEntry][] =>
  [...companions].filter(([extension]) => COMPANIONS.has(extension));

async function detect(reader: RangeReader, signal: AbortSignal) {
  const head = reader.size === 0 ? new Uint8Array() : await reader.read(0, Math.min(HEAD_BYTES, reader.size), signal);
  return detectFormat(head);
}

/** Unpacks under names that tell the version of the source: a planner that comes later may meet another one. */
export function unpackInto(files: WorkFiles, { etag }: RangeReader): Unpack {
  const version = createHash('sha256').update(etag).digest('base64url');
  return (name, pieces) => unpackFile(files, `${version}-${name}`, pieces);
}
