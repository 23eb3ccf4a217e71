import type { InspectedLayer } from '../../geo/features/feature-format.ts';
import type { BaseVersion } from './versions/base-version.ts';
import type { LayerCrs } from './crs.ts';
import type { LocatedSource } from './source/file-location.ts';

/** What a chunk must know of its layer besides the inputs of the job: JSON, kept with the plan. */
export interface IngestDetail {
  /** URL of the source, and the version that was planned: every chunk reads this one. */
  source: string;
  etag: string;
  located: LocatedSource;
  layer: InspectedLayer;
  /** Absent for a layer that has no geometries. */
  crs?: LayerCrs;
  /** What was noted of the source as a whole. */
  notes: string[];
  /** The version that the features come to; absent where there is none, or it is replaced. */
  base?: BaseVersion;
}
