import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { statusOf } from '../../shared/http/status.ts';
import { isPlatformError } from '../../shared/jobs/describe-error.ts';
import type { ReadError } from './read-errors.ts';

/**
 * What a place can say of whether it may be tried again; `record`: the reason of what has ended; `feature`: what is wrong
 * with one feature, while all others go on.
 */
export type Family = 'retryable' | 'platform' | 'final' | 'record' | 'told-by-answer' | 'feature';

export interface CatalogueEntry {
  code: string;
  /** One; or two, of which the last is `feature`. */
  families: Family[];
  /** HTTP status that the API gives it; undefined where no API is involved. */
  status: number | undefined;
  details: string[];
  remedies: string[];
  files: string[];
}

export interface CatalogueArea {
  title: string;
  entries: CatalogueEntry[];
}

/** Names of the folders in the order of the page; a folder that is not named here stands behind, by its path. */
const AREAS: Readonly<Record<string, string>> = {
  'functions/api': 'API',
  'shared/http': 'Requests and their content',
  'shared/jobs': 'Jobs',
  'shared/sources': 'Sources',
  'shared/geo/tiff': 'GeoTIFF',
  'shared/geo/containers': 'Archives',
  'shared/geo/formats': 'Vector formats',
  'shared/geo/features': 'Features',
  'shared/geo/projections': 'Projections',
  'shared/geo/tiles': 'Areas and tiles',
  'shared/geo/pmtiles': 'PMTiles',
  'shared/http/outbound': 'Requests to other hosts',
  'shared/aws': 'AWS',
  'shared/adapters': 'Table, queues and objects',
  'shared/config': 'Configuration',
  functions: 'Other functions',
  cli: 'Command line',
  infra: 'Deployment',
};

/** How many names of a folder make an area; of others the first two do. */
const FOLDER_DEPTHS: readonly (readonly [start: string, depth: number])[] = [
  ['shared/geo/', 3],
  ['shared/processes/', 3],
  ['shared/http/outbound/', 3],
  ['functions/api/', 2],
  ['functions/', 1],
  ['cli/', 1],
  ['infra/', 1],
];
const USUAL_DEPTH = 2;

/** What no API answers with. */
const WITHOUT_API = /^(cli|infra)\//;

/**
 * Errors by area and code.
 * @throws Error for a code that is raised as retryable in one place and as final in another
 */
export function createCatalogue(errors: readonly ReadError[]): CatalogueArea[] {
  const byCode = Map.groupBy(errors, ({ code }) => code);
  const entries = [...byCode].map(([code, raised]) => createEntry(code, raised));
  const byArea = Map.groupBy(entries, ({ files }) => areaOf(files));
  return [...byArea]
    .sort(([a], [b]) => rank(a).localeCompare(rank(b), 'en'))
    .map(([area, members]) => ({
      title: AREAS[area] ?? area.replace('shared/processes/', 'Process '),
      entries: members.sort((a, b) => (a.code < b.code ? -1 : 1)),
    }));
}

function createEntry(code: string, raised: readonly ReadError[]): CatalogueEntry {
  const files = distinct(raised.map(({ file }) => file)).sort();
  const others = raised.filter(({ kind }) => kind !== 'feature');
  const family = others.length === 0 ? 'feature' : familyOf(code, others);
  const isAnswered = others.some(({ file }) => !WITHOUT_API.test(file));
  const retryable = family === 'retryable' || family === 'platform';
  return {
    code,
    families: others.length < raised.length && others.length > 0 ? [family, 'feature'] : [family],
    status: isAnswered ? statusOf({ code, retryable }) : undefined,
    details: distinct(raised.flatMap(({ details }) => details)),
    remedies: distinct(raised.flatMap(({ remedies }) => remedies)),
    files,
  };
}

function familyOf(code: string, raised: readonly ReadError[]): Family {
  const told = distinct(raised.flatMap(({ retryable }) => (retryable === undefined ? [] : [retryable])));
  if (told.length > 1) {
    const places = raised.map(({ file, retryable }) => `${file}: ${retryable}`);
    throw new Error(`The code ${code} is retryable in one place and final in another: ${places.join(', ')}.`);
  }
  const [retryable] = told;
  if (retryable === undefined) return 'record';
  if (retryable === 'open') return 'told-by-answer';
  if (isPlatformError(new LonghaulError({ code, retryable, detail: '' }))) return 'platform';
  return retryable ? 'retryable' : 'final';
}

/** The area of an error: of the places that make it, the one that comes first on the page. */
function areaOf(files: readonly string[]): string {
  const [first = ''] = files.map(folderOf).sort((a, b) => rank(a).localeCompare(rank(b), 'en'));
  return first;
}

function folderOf(file: string): string {
  const [, depth] = FOLDER_DEPTHS.find(([start]) => file.startsWith(start)) ?? ['', USUAL_DEPTH];
  return file.split('/').slice(0, -1).slice(0, depth).join('/');
}

function rank(area: string): string {
  const index = Object.keys(AREAS).indexOf(area);
  return `${String(index < 0 ? Object.keys(AREAS).length : index).padStart(3, '0')} ${area}`;
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
