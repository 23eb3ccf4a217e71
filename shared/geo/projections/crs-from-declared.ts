import type { DeclaredCrs } from '../features/feature-format.ts';
import type { SourceCrs } from './crs.ts';
import { crsFromEpsg } from './crs-from-epsg.ts';
import { crsFromWkt } from './crs-from-wkt.ts';

const WGS84 = 4326;

/**
 * The CRS that a file names.
 * @throws LonghaulError `crs-unknown` (final)
 */
export function crsFromDeclared(declared: DeclaredCrs): SourceCrs {
  switch (declared.kind) {
    case 'epsg':
      return crsFromEpsg(declared.code);
    case 'crs84':
      return crsFromEpsg(WGS84);
    case 'wkt':
      return crsFromWkt(declared.text);
  }
}
