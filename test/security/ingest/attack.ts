import type { JobState } from '../../../shared/jobs/job.ts';
import type { RangeReader } from '../../../shared/sources/range-reader.ts';

/** A source that somebody means ill with, and the end that its job must come to. */
export interface Attack {
  what: string;
  /** Made when its turn comes. */
  file: () => Uint8Array | string | RangeReader;
  /** Inputs besides the source and the outputs. */
  inputs?: Record<string, unknown>;
  /** Bytes of a block [those of the process]. */
  blockBytes?: number;
  end: End;
  /** Bytes of the source that may be read at most, over all reads [4 times its size, and 64 KiB]. */
  maxRead?: number;
  /** Bytes that may be written at most, unpacked and cut ones among them [4 MiB]. */
  maxWritten?: number;
}

/** What became of a job. */
export interface End {
  state: JobState;
  /** Why the job failed as a whole. */
  failure?: string;
  /** Codes of the list of errors, each once, sorted. */
  errors: string[];
  /** Published features of all datasets. */
  features: number;
}

/** The whole source is refused before anything of it is read as features. */
export const refused = (failure: string): End => ({ state: 'failed', failure, errors: [], features: 0 });

/** A block cannot be read to its end: a layer is whole, or it is not published. */
export const broken = (error: string): End => ({
  state: 'failed',
  failure: 'too-many-failures',
  errors: [error],
  features: 0,
});

/** Nothing could be used. */
export const nothingUsed = (...errors: string[]): End => ({
  state: 'failed',
  failure: 'too-many-rejects',
  errors,
  features: 0,
});

/** Some features are left out, each with its code, and the others are published. */
export const without = (errors: string[], features: number): End => ({ state: 'partial', errors, features });

/** What was meant ill does nothing. */
export const harmless = (features: number): End => ({ state: 'succeeded', errors: [], features });
