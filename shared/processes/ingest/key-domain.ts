import { DEGREES_DOMAIN, type KeyDomain } from '../../geo/features/hilbert-keys.ts';
import { computableCrs, declaredCrs } from './crs.ts';
import type { IngestInputs } from './inputs.ts';

/** Half of the Earth's circumference and some more, in metres: no projected CRS reaches beyond by much. */
const METRES = 21_000_000;

/** Where the coordinates of the published files lie: what their features are sorted over. */
export function keyDomain(targetCrs: IngestInputs['targetCrs']): KeyDomain {
  if (computableCrs(declaredCrs(targetCrs)).geographic) return DEGREES_DOMAIN;
  return { minX: -METRES, minY: -METRES, maxX: METRES, maxY: METRES };
}
