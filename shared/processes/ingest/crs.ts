import type { DeclaredCrs } from '../../geo/features/feature-format.ts';
import { crsFromEpsg } from '../../geo/projections/crs-from-epsg.ts';
import { crsFromWkt } from '../../geo/projections/crs-from-wkt.ts';
import type { SourceCrs } from '../../geo/projections/crs.ts';
import type { IngestInputs } from './inputs.ts';

const WGS84 = 4326;

/** The CRS of a layer, and who says so. JSON: it is kept with the plan. */
export interface LayerCrs {
  declared: DeclaredCrs;
  by: 'source' | 'caller';
}

/** What a caller calls a CRS, such as `EPSG:25832`. */
export function declaredCrs(name: IngestInputs['targetCrs']): DeclaredCrs {
  return name === 'OGC:CRS84' ? { kind: 'crs84' } : { kind: 'epsg', code: Number(name.slice('EPSG:'.length)) };
}

/** @throws LonghaulError `crs-unknown` (final) */
export function computableCrs(declared: DeclaredCrs): SourceCrs {
  switch (declared.kind) {
    case 'crs84':
      return crsFromEpsg(WGS84);
    case 'epsg':
      return crsFromEpsg(declared.code);
    case 'wkt':
      return crsFromWkt(declared.text);
  }
}

/** Whether coordinates are the same in both; CRSs that have no code are taken for different ones. */
export function isSameCrs(a: DeclaredCrs, b: DeclaredCrs): boolean {
  const code = computableCrs(a).epsg;
  return code !== undefined && code === computableCrs(b).epsg;
}
