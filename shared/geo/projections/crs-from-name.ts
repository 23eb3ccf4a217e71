import type { Crs } from './crs.ts';
import { findCrs } from './crs-from-epsg.ts';
import { EPSG_DATUMS, EPSG_TABLE } from './epsg-table.ts';
import { ESRI_NAMES } from './esri-names.ts';

/** Letters, digits and signs that a name has at most; the longest one of the tables has 61. */
const MAX_KEY = 120;

/** What stands between the letters and digits of a name, and counts for nothing. */
const BETWEEN = '[^a-z0-9+\\t\\n]*';

/** Most processes ask for one name. */
const known = new Map<string, readonly number[]>();
const MAX_KNOWN = 256;

/** The CRSs that the EPSG register or Esri has a name for, but for case and punctuation; several in rare cases. */
export function crsFromName(name: string): Crs[] {
  const key = plain(name);
  if (key === '' || key.length > MAX_KEY) return [];
  let codes = known.get(key);
  if (codes === undefined) {
    codes = [...new Set([...registered(key), ...esri(key)])];
    if (known.size === MAX_KNOWN) known.clear();
    known.set(key, codes);
  }
  return codes.flatMap((code) => findCrs(code) ?? []);
}

/** Of a line of the register's table: code, end of the name, words of the projection, number of the datum. */
function registered(key: string): number[] {
  const prefixes = EPSG_DATUMS.split('\n').map((line) => line.split('\t')[2] ?? '');
  const endings = new Set(prefixes.flatMap((prefix) => endingOf(key, prefix) ?? []));
  const lines = new RegExp(`^(\\d+)\\t(${[...endings].map(pattern).join('|')})\\t[^\\t\\n]*\\t(\\d+)$`, 'gim');
  return [...EPSG_TABLE.matchAll(lines)]
    .filter(([, , name = '', datum]) => plain(prefixes[Number(datum)]! + name) === key)
    .map(([, code]) => Number(code));
}

/** Of a line of Esri's table: name, code. */
function esri(key: string): number[] {
  return [...ESRI_NAMES.matchAll(new RegExp(`^${pattern(key)}\\t(\\d+)$`, 'gim'))].map(([, code]) => Number(code));
}

/** What follows in a name that begins like that of its datum. */
function endingOf(key: string, prefix: string): string | undefined {
  if (prefix.charAt(0).toLowerCase() !== key.charAt(0)) return prefix === '' ? key : undefined;
  const beginning = plain(prefix);
  return key.startsWith(beginning) ? key.slice(beginning.length) : undefined;
}

/** Matches the names whose plain form this is. */
const pattern = (key: string): string =>
  `${BETWEEN}${[...key].map((character) => (character === '+' ? '\\+' : character) + BETWEEN).join('')}(?:\\(deprecated\\))?`;

/** Letters, digits and the plus sign of CH1903+. */
const plain = (name: string): string =>
  name
    .replace(/^GCS_/, '')
    .replace(/ \(deprecated\)$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9+]/g, '');
