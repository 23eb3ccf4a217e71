import type { DeclaredCrs } from '../../features/feature-format.ts';

/** `urn:ogc:def:crs:EPSG:8.8:3857`, `EPSG:3857`, `http://www.opengis.net/def/crs/EPSG/0/3857` and `…/gml/srs/epsg.xml#3857`. */
const EPSG =
  /^(?:urn:(?:x-)?ogc:def:crs:)?epsg:(?:[\d.]*:)?(\d{1,9})$|\/epsg\/[\d.]+\/(\d{1,9})$|epsg\.xml#(\d{1,9})$/i;
const CRS84 = /(?:^|[:/])crs:?84$/i;

/** What a file says of its CRS, and a note where that is not what RFC 7946 says. */
export interface CrsOfFile {
  crs?: DeclaredCrs;
  note?: string;
}

/**
 * Reads the `crs` member of GeoJSON 2008 (section 3), which RFC 7946 took away and files still have.
 * @param member undefined where there is none; otherwise any value
 */
export function readCrs(member: unknown): CrsOfFile {
  if (member === undefined) return { crs: { kind: 'crs84' } };
  if (member === null) return { note: 'The file says that its CRS is not known (a crs member that is null).' };
  const { type, properties } = members(member);
  const { name, code } = members(properties);
  if (type === 'EPSG' && Number.isSafeInteger(code)) return { crs: { kind: 'epsg', code: code as number } };
  if (type === 'name' && typeof name === 'string') {
    const crs = crsOfName(name.trim());
    if (crs !== undefined) return { crs };
    return { note: `The file names a CRS that is not known: ${name.slice(0, 100)}.` };
  }
  return { note: 'The file has a crs member that names no CRS; a link is not followed.' };
}

function crsOfName(name: string): DeclaredCrs | undefined {
  if (CRS84.test(name)) return { kind: 'crs84' };
  const [, ...codes] = EPSG.exec(name) ?? [];
  const code = codes.find((found) => found !== undefined);
  return code === undefined ? undefined : { kind: 'epsg', code: Number(code) };
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
