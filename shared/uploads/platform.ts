import type { Platform } from '../jobs/platform.ts';
import type { UploadObjects } from './ports/upload-objects.ts';

/** What the uploads of one tenant may take. */
export interface UploadQuotas {
  /** Bytes stored, with those that are reserved. */
  maxStoredBytes: number;
  /** Bytes of uploads under way. */
  maxInFlightBytes: number;
  maxOpenUploads: number;
}

/** What uploads reach the world through, besides the engine. */
export interface UploadPlatform extends Platform {
  uploadObjects: UploadObjects;
  quotas: (tenant: string) => UploadQuotas;
  uploadLocations: {
    /** `<uploads>/<tenant>/<upload>/<name>`: announced files. */
    uploads: URL;
    /** `<incoming>/<tenant>/<process>/…`: files of producers that only speak S3. */
    incoming: URL;
  };
}
