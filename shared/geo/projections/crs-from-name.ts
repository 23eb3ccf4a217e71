import type { Crs } from './crs.ts';
import { findCrs } from './crs-from-epsg.ts';
import { EPSG_DATUMS, EPSG_TABLE } from './epsg-table.ts';
import { ESRI_NAMES } from './esri-names.ts';

/** Codes by plain names, for each character that these begin with: most processes ask for one name. */
const indexes = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** The CRSs that the EPSG register or Esri has a name for, but for case and punctuation; several in rare cases. */
export function crsFromName(name: string): Crs[] {
  const key = plain(name);
  const beginning = key.charAt(0);
  const index = indexes.get(beginning) ?? indexNames(beginning);
  indexes.set(beginning, index);
  return (index.get(key) ?? []).flatMap((code) => findCrs(code) ?? []);
}

function indexNames(beginning: string): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  const prefixes = EPSG_DATUMS.split('\n').map((line) => line.split('\t')[2] ?? '');
  for (const line of EPSG_TABLE.trim().split('\n')) {
    const [code, name = '', , datum] = line.split('\t', 4);
    add((prefixes[Number(datum)] ?? '') + name, Number(code));
  }
  for (const line of ESRI_NAMES.trim().split('\n')) {
    const [name = '', code] = line.split('\t');
    add(name, Number(code));
  }
  return index;

  function add(name: string, code: number): void {
    // Every name begins with a letter or a digit.
    if (name.charAt(name.startsWith('GCS_') ? 'GCS_'.length : 0).toLowerCase() !== beginning) return;
    const key = plain(name);
    const known = index.get(key);
    if (known === undefined) index.set(key, [code]);
    else if (!known.includes(code)) known.push(code);
  }
}

/** Letters, digits and the plus sign of CH1903+. */
const plain = (name: string): string =>
  name
    .replace(/^GCS_/, '')
    .replace(/ \(deprecated\)$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9+]/g, '');
