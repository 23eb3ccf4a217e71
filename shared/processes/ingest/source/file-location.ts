import { openStored } from '../../../geo/containers/open-stored.ts';
import type { ZipEntry } from '../../../geo/containers/zip-entry.ts';
import type { FeatureSource } from '../../../geo/features/feature-format.ts';
import type { WorkFiles } from '../../../jobs/process.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import type { SourceFormat } from '../formats.ts';

/** Where a file of the source is read: JSON, kept with the plan. */
export type FileLocation =
  /** The source itself. */
  | { kind: 'source' }
  /** A member of a zip archive that lies in it without compression. */
  | { kind: 'entry'; entry: ZipEntry }
  /** A file that was unpacked when the job was planned. */
  | { kind: 'work'; name: string; bytes: number };

/** One file of features within the source, and the files that belong to it. JSON, kept with the plan. */
export interface LocatedSource {
  format: SourceFormat;
  /** Name for a layer that has none. */
  name: string;
  file: FileLocation;
  /** By extension in lower case. */
  companions: Record<string, FileLocation>;
  /** IANA name of an encoding that the format's own reader cannot see. */
  encoding?: string;
}

/** Opens a file of the source. @throws LonghaulError as `openStored` */
export async function openLocation(
  source: RangeReader,
  files: Pick<WorkFiles, 'open'>,
  location: FileLocation,
  signal: AbortSignal,
): Promise<RangeReader> {
  switch (location.kind) {
    case 'source':
      return source;
    case 'entry':
      return openStored(source, location.entry, signal);
    case 'work':
      return files.open(location.name, location.bytes);
  }
}

/** Opens a file of features with those that belong to it. */
export async function openLocated(
  source: RangeReader,
  files: Pick<WorkFiles, 'open'>,
  located: LocatedSource,
  signal: AbortSignal,
): Promise<FeatureSource> {
  const companions = await Promise.all(
    Object.entries(located.companions).map(
      async ([extension, location]) => [extension, await openLocation(source, files, location, signal)] as const,
    ),
  );
  return { file: await openLocation(source, files, located.file, signal), companions: new Map(companions) };
}
