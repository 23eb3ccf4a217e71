import type { DeclaredCrs } from '../../features/feature-format.ts';
import { axisOrderOf, dimensionOf, type AxisOrder } from '../../projections/axis-order-of.ts';

/** What an `srsName` says. */
export interface SrsName {
  /** As it is written. */
  text: string;
  /** Undefined for a name of no known form. */
  crs: DeclaredCrs | undefined;
  /** Order of the axes in the file. */
  axisOrder: AxisOrder;
  /** Numbers of a position, where nothing else says. */
  dimension: 2 | 3;
}

/** URNs and URLs of the OGC: their axes are in the order of the authority (OGC 07-092r1, 05-010). */
const BY_AUTHORITY: readonly RegExp[] = [
  /^urn:(?:x-)?ogc:def:crs:EPSG:[^:,]*:([0-9]{1,9})$/i,
  /^https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[^/]+\/([0-9]{1,9})$/i,
];

/** Of compound CRSs the horizontal one, which comes first, counts; heights are z. */
const COMPOUND: readonly RegExp[] = [
  /^urn:(?:x-)?ogc:def:crs,crs:EPSG:[^:,]*:([0-9]{1,9}),/i,
  /^https?:\/\/www\.opengis\.net\/def\/crs-compound\?1=https?:\/\/www\.opengis\.net\/def\/crs\/EPSG\/[^/&]+\/([0-9]{1,9})&/i,
];

/** Older forms, in which everyone writes x first, as GDAL reads them. */
const EASTING_FIRST: readonly RegExp[] = [
  /^EPSG::?([0-9]{1,9})$/i,
  /^https?:\/\/www\.opengis\.net\/gml\/srs\/epsg\.xml#([0-9]{1,9})$/i,
];

const CRS84 =
  /^(?:(?:OGC|CRS|urn:(?:x-)?ogc:def:crs:OGC:[^:]*|https?:\/\/www\.opengis\.net\/def\/crs\/OGC\/[^/]+)[:/])?CRS84(h?)$/i;
const SHORT_CRS84 = /^CRS:84$/i;

const known = new Map<string, SrsName>();
/** Names that are kept: a file has few. */
const MAX_KNOWN = 256;

/** Reads an `srsName`: EPSG codes in all forms that are about, and CRS84. */
export function parseSrsName(text: string): SrsName {
  let name = known.get(text);
  if (name === undefined) {
    if (known.size === MAX_KNOWN) known.clear();
    name = parse(text, text.trim());
    known.set(text, name);
  }
  return name;
}

function parse(text: string, trimmed: string): SrsName {
  const compound = codeIn(trimmed, COMPOUND);
  const byAuthority = compound ?? codeIn(trimmed, BY_AUTHORITY);
  if (byAuthority !== undefined) {
    const dimension = compound === undefined ? dimensionOf(byAuthority) : 3;
    return { text, crs: { kind: 'epsg', code: byAuthority }, axisOrder: axisOrderOf(byAuthority), dimension };
  }
  const code = codeIn(trimmed, EASTING_FIRST);
  if (code !== undefined) {
    return { text, crs: { kind: 'epsg', code }, axisOrder: 'easting-first', dimension: dimensionOf(code) };
  }
  const crs84 = CRS84.exec(trimmed);
  if (crs84 !== null || SHORT_CRS84.test(trimmed)) {
    return { text, crs: { kind: 'crs84' }, axisOrder: 'easting-first', dimension: crs84?.[1] ? 3 : 2 };
  }
  return { text, crs: undefined, axisOrder: 'easting-first', dimension: 2 };
}

function codeIn(text: string, forms: readonly RegExp[]): number | undefined {
  for (const form of forms) {
    const code = form.exec(text)?.[1];
    if (code !== undefined) return Number(code);
  }
  return undefined;
}

/** Whether two names are of one CRS; names of no known form are when they are the same. */
export function isSameCrs(one: SrsName, other: SrsName): boolean {
  if (one.crs === undefined || other.crs === undefined) return one.text === other.text;
  if (one.crs.kind === 'epsg' && other.crs.kind === 'epsg') return one.crs.code === other.crs.code;
  return one.crs.kind === other.crs.kind;
}
