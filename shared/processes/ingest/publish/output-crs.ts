import { CRS84, type OutputCrs } from '../../../geo/features/output-crs.ts';
import { crsFromEpsg } from '../../../geo/projections/crs-from-epsg.ts';
import { projjsonFromEpsg } from '../../../geo/projections/projjson-from-epsg.ts';
import { declaredCrs } from '../crs.ts';
import type { IngestInputs } from '../inputs.ts';

/** What the published files say of their CRS. @throws LonghaulError `crs-unknown` (final) */
export function outputCrs(name: IngestInputs['targetCrs']): OutputCrs {
  const declared = declaredCrs(name);
  if (declared.kind !== 'epsg') return CRS84;
  const { code } = declared;
  const projjson = projjsonFromEpsg(code);
  return {
    authority: 'EPSG',
    code: String(code),
    name: crsFromEpsg(code).name,
    ...(projjson === undefined ? {} : { projjson }),
  };
}
