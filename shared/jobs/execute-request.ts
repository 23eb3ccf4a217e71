import type { GeoJsonPolygon } from './process.ts';

/** A request as it was accepted: inputs are validated and normalised. Stored as `request.json`. */
export interface ExecuteRequest {
  inputs: Record<string, unknown>;
  outputs?: Record<string, OutputRequest>;
  response?: 'raw' | 'document';
  subscriber?: Subscriber;
  /** In a retry by area: the units that touch it are run again, whatever became of them. */
  retryArea?: GeoJsonPolygon;
}

export interface OutputRequest {
  transmissionMode?: 'value' | 'reference';
  format?: { mediaType?: string };
}

/** OGC 18-062r2, callback: where to post results, progress and failure. */
export interface Subscriber {
  successUri?: string;
  inProgressUri?: string;
  failedUri?: string;
}
