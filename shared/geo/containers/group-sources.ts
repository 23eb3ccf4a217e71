import type { ZipEntry } from './zip-entry.ts';

/** A file of an archive that looks like a source of features, with the files that belong to it. */
export interface GroupedSource<Entry> {
  /** Path of the file without its extension: a name for layers that have none. */
  name: string;
  /** Extension of the file in lower case. What it is, its content says. */
  extension: string;
  file: Entry;
  /** By extension in lower case, such as `dbf` or `shp.xml`. */
  companions: Map<string, Entry>;
}

export interface GroupedSources<Entry> {
  /** In the order of the archive; the document of a KMZ comes first. */
  sources: GroupedSource<Entry>[];
  /** What was left over, one sentence each. */
  notes: string[];
}

/** Extensions of sources, which in an archive say what is worth opening. */
const SOURCE_EXTENSIONS: ReadonlySet<string> = new Set([
  ...['shp', 'kml', 'gpx', 'gml', 'gpkg', 'fgb', 'parquet', 'geoparquet', 'csv', 'tsv'],
  ...['geojson', 'json', 'geojsonl', 'geojsons', 'geojsonseq', 'ndjson', 'ndgeojson', 'jsonl'],
]);

const ARCHIVE_EXTENSIONS: ReadonlySet<string> = new Set([
  'zip',
  'kmz',
  'gz',
  'tgz',
  'tar',
  '7z',
  'rar',
  'bz2',
  'xz',
  'zst',
]);

/** Names that one note tells. */
const MAX_NAMES = 20;

/**
 * Finds the sources among the files of an archive, at any depth. Files beside a source that have its name and another
 * extension belong to it, whatever their case; hidden files and those of `__MACOSX` are passed over in silence.
 */
export function groupSources<Entry extends Pick<ZipEntry, 'name'>>(entries: readonly Entry[]): GroupedSources<Entry> {
  const visible = entries.filter(({ name }) => !isHidden(name));
  const files = visible.filter(({ name }) => SOURCE_EXTENSIONS.has(splitName(name).extension));
  const sources = files.map((file): GroupedSource<Entry> => {
    const { stem, extension } = splitName(file.name);
    return { name: stem, extension, file, companions: new Map() };
  });
  const taken = new Set(files);
  const byStem = Map.groupBy(sources, ({ name }) => name.toLowerCase());
  for (const entry of visible) {
    if (taken.has(entry)) continue;
    const owner = ownerOf(entry.name, byStem);
    if (owner === undefined || owner.source.companions.has(owner.extension)) continue;
    owner.source.companions.set(owner.extension, entry);
    taken.add(entry);
  }
  const leftOver = visible.filter((entry) => !taken.has(entry)).map(({ name }) => name);
  const isArchive = (name: string) => ARCHIVE_EXTENSIONS.has(splitName(name).extension);
  return {
    sources: sources.toSorted((a, b) => Number(isDocument(b.file.name)) - Number(isDocument(a.file.name))),
    notes: [
      ...noteOf('Archives inside the archive are not opened', leftOver.filter(isArchive)),
      ...noteOf(
        'Files of the archive that belong to no source were not read',
        leftOver.filter((name) => !isArchive(name)),
      ),
    ],
  };
}

/**
 * The source that a file belongs to, and under which extension: that with the same spelling before one that differs in
 * case, and a shapefile before others of its name.
 */
function ownerOf<Source extends { name: string; extension: string }>(name: string, byStem: Map<string, Source[]>) {
  const folderEnd = name.lastIndexOf('/') + 1;
  for (let dot = name.indexOf('.', folderEnd + 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const stem = name.slice(0, dot);
    const candidates = byStem.get(stem.toLowerCase());
    if (candidates === undefined) continue;
    const ofSameCase = candidates.filter((candidate) => candidate.name === stem);
    const best = ofSameCase.length > 0 ? ofSameCase : candidates;
    const source = best.find(({ extension }) => extension === 'shp') ?? best[0]!;
    return { source, extension: name.slice(dot + 1).toLowerCase() };
  }
  return undefined;
}

function splitName(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > name.lastIndexOf('/') + 1;
  return hasExtension
    ? { stem: name.slice(0, dot), extension: name.slice(dot + 1).toLowerCase() }
    : { stem: name, extension: '' };
}

/** The main document of a KMZ (OGC 12-007r2, annex C). */
const isDocument = (name: string): boolean => name.toLowerCase() === 'doc.kml';

const isHidden = (name: string): boolean =>
  name.split('/').some((part) => part === '__MACOSX' || (part.startsWith('.') && part !== '.')) ||
  /(^|\/)(thumbs\.db|desktop\.ini)$/i.test(name);

function noteOf(sentence: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : '';
  return [`${sentence}: ${names.slice(0, MAX_NAMES).join(', ')}${more}.`];
}
