import type { UploadPlatform } from '../../shared/uploads/platform.ts';
import type { HealthChecks } from './health-checks.ts';
import type { Replay } from './replay.ts';

/** Fetches what a caller names by URL; refuses every address that is not public. */
export interface ReferenceFetcher {
  fetch(
    url: string | URL,
    options: { maxBytes: number; signal?: AbortSignal },
  ): Promise<{ status: number; body: Uint8Array }>;
}

/** Everything that the API reaches the world through. */
export interface Api {
  platform: UploadPlatform;
  references: ReferenceFetcher;
  /** An address under which callers can fetch a stored file for a limited time. */
  presign: (url: URL) => Promise<string>;
  replay: Replay;
  health: HealthChecks;
  /** Signs cursors. */
  cursorKey: () => Promise<Uint8Array>;
  /** Origin and path of the API as callers see it; empty: the event's own domain. */
  publicUrl: string;
}
