import { withField } from '../../../errors/with-field.ts';
import type { FeatureSource } from '../../../geo/features/feature-format.ts';
import { cutFront } from '../../../geo/formats/text/cut-front.ts';
import type { ProcessContext } from '../../../jobs/process.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { fileNameOf } from '../../dataset-id.ts';
import { bytesInGzip } from './bytes-in-gzip.ts';
import { blocksOf } from './expected-work.ts';
import { openLocated, type FileLocation, type LocatedSource } from '../source/file-location.ts';
import { readerOf } from '../formats.ts';
import { FrontFiles, memoryFile } from './front-files.ts';
import { FRONT_BYTES, MAX_READ_BYTES, MAX_READS } from './front-limits.ts';
import type { IngestInputs } from '../inputs.ts';
import { inspectFile, readOptions, type FoundLayer } from '../source/inspect-source.ts';
import { BLOCK_BYTES, MOST_BLOCKS } from '../limits.ts';
import { locateSources, type LocatedSources } from '../source/locate-sources.ts';
import { ReadBudget, ReadBudgetSpent } from './read-budget.ts';

/** A layer that was found, and how to read its first features. */
export interface SeenLayer extends FoundLayer {
  opened: FeatureSource;
  /** Only the beginning of its file was seen: its number of blocks is told by the size. */
  isFront: boolean;
}

/** A file of features within a source, as far as it can be seen without unpacking it. */
export interface SeenFile {
  located: LocatedSource;
  /** Unpacked; about, where a gzip file does not tell. */
  bytes: number;
  isPacked: boolean;
  /** Layers that were found: all of them, or those that begin in the part of the file that was seen. */
  layers: SeenLayer[];
  /** Why nothing, or not all, is known of its layers. */
  unseen?: string;
}

export interface SeenSource {
  bytes: number;
  files: SeenFile[];
  notes: string[];
}

/**
 * Looks at a source with a bounded number of reads, and unpacks beginnings only.
 * @throws LonghaulError as `inspectSource`, but for what is known of a whole file alone
 */
export async function lookAtSource(
  { sources, signal }: Pick<ProcessContext, 'sources' | 'signal'>,
  inputs: IngestInputs,
): Promise<SeenSource> {
  const url = new URL(inputs.source);
  const budget = new ReadBudget({ reads: MAX_READS, bytes: MAX_READ_BYTES });
  try {
    const source = budget.watch(await sources.open(url, { signal }));
    const fronts = new FrontFiles();
    const { sources: located, notes } = await locate(source, fronts, fileNameOf(url), signal);
    const files: SeenFile[] = [];
    for (const each of located) files.push(await lookAtFile({ source, fronts, notes, signal }, inputs, each));
    return { bytes: source.size, files, notes };
  } catch (error) {
    throw withField(error, '/inputs/source');
  }
}

/** An archive of very many files is not looked into. */
async function locate(
  source: RangeReader,
  fronts: FrontFiles,
  name: string,
  signal: AbortSignal,
): Promise<LocatedSources> {
  const unpack = fronts.unpack.bind(fronts);
  try {
    return await locateSources({ files: fronts, signal }, source, name, unpack);
  } catch (error) {
    if (!(error instanceof ReadBudgetSpent)) throw error;
    return {
      sources: [],
      notes: ['The archive has so many files that they are looked into only when the job is planned.'],
    };
  }
}

interface Look {
  source: RangeReader;
  fronts: FrontFiles;
  /** Takes what is noted of files as a whole. */
  notes: string[];
  signal: AbortSignal;
}

async function lookAtFile(look: Look, inputs: IngestInputs, located: LocatedSource): Promise<SeenFile> {
  const isPacked = located.file.kind === 'work';
  let bytes = 0;
  for (const location of locationsOf(located)) bytes += await bytesOf(look, location);
  const seen = { located, bytes, isPacked };
  try {
    const reader = await readerOf(located.format);
    const { opened, isFront } = await openFront(look, located, reader.readsFront === true);
    if (isFront && reader.readsFront !== true) return { ...seen, layers: [], unseen: CANNOT_BE_READ_FROM_FRONT };
    const found = await inspectFile(reader, opened, {
      blockBytes: Math.max(BLOCK_BYTES, Math.ceil(opened.file.size / MOST_BLOCKS)),
      name: located.name,
      read: readOptions(inputs, located),
      signal: look.signal,
      ...(isFront ? { isFront } : {}),
    });
    look.notes.push(...found.notes);
    const layers = found.layers.map((layer) => ({ located, layer, opened, isFront }));
    return { ...seen, layers, ...(isFront ? { unseen: ONLY_THE_FRONT } : {}) };
  } catch (error) {
    if (!(error instanceof ReadBudgetSpent)) throw error;
    return { ...seen, layers: [], unseen: TOO_MANY_READS };
  }
}

const CANNOT_BE_READ_FROM_FRONT =
  'It is compressed, and its format cannot be read from its beginning: its layers are known when the job is planned.';
const ONLY_THE_FRONT = `Only its first ${FRONT_BYTES / 1024} KiB were looked at.`;
const TOO_MANY_READS = 'It takes more reads than an estimate makes: its layers are known when the job is planned.';

const locationsOf = ({ file, companions }: LocatedSource): FileLocation[] => [file, ...Object.values(companions)];

async function bytesOf({ source, fronts, signal }: Look, location: FileLocation): Promise<number> {
  if (location.kind === 'source') return source.size;
  if (location.kind === 'entry') return location.entry.bytes;
  return fronts.front(location.name).size ?? bytesInGzip(source, signal);
}

/** Opens a file with its companions; of one that is large and can be read from its beginning, that beginning. */
async function openFront(
  { source, fronts, signal }: Look,
  located: LocatedSource,
  readsFront: boolean,
): Promise<{ opened: FeatureSource; isFront: boolean }> {
  const opened = await openLocated(source, fronts, located, signal);
  const isCut = locationsOf(located).some(
    (location) => location.kind === 'work' && !fronts.front(location.name).isWhole,
  );
  const isLong = located.file.kind !== 'work' && opened.file.size > FRONT_BYTES;
  if (!readsFront || !isLong) return { opened, isFront: isCut };
  const companions = new Map(opened.companions);
  for (const [extension, file] of companions) companions.set(extension, await frontOf(file, signal));
  return { opened: { file: await frontOf(opened.file, signal), companions }, isFront: true };
}

async function frontOf(file: RangeReader, signal: AbortSignal): Promise<RangeReader> {
  if (file.size <= FRONT_BYTES) return file;
  return memoryFile(cutFront(await file.read(0, FRONT_BYTES, signal)), file.url.href);
}

/** Blocks of a layer: as they were cut, or as its file has bytes for. */
export function blocksOfLayer({ layer, isFront }: Pick<SeenLayer, 'layer' | 'isFront'>, bytes: number): number {
  return isFront ? blocksOf(bytes) : layer.blocks;
}
