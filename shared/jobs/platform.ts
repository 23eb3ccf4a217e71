import type { Sources } from '../sources/range-reader.ts';
import type { Datasets, ProcessDefinition } from './process.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers, Random } from './ports/identifiers.ts';
import type { JobStore } from './ports/job-store.ts';
import type { Logger } from './ports/logger.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { Queue } from './ports/queue.ts';

/** Processes by id. */
export type Processes = ReadonlyMap<string, ProcessDefinition>;

/** Bounds of one job. */
export interface JobLimits {
  /** Units of one job. */
  maxUnits: number;
  /** Upper estimate of one job's output in bytes. */
  maxOutputBytes: number;
  /** Jobs of one tenant that have not ended; absent: they are not counted, which spares three write units a job. */
  maxActiveJobs?: number;
}

/** Folders (URLs that end in `/`) that hold what is too large for a row. */
export interface Locations {
  /** Requests, plans and chunks: `<work>/<tenant>/<job>/…`; expires. */
  work: URL;
  /** Results and published files: `<outputs>/<tenant>/<job>/…`. */
  outputs: URL;
  /** Archived messages. */
  deadLetters: URL;
}

/** Everything that the engine reaches the world through. */
export interface Platform {
  store: JobStore;
  queue: Queue;
  objects: ObjectStore;
  /** What a tenant may read. */
  sourcesOf: (tenant: string) => Sources;
  /** What a tenant has published; by default what its pointers in the table lead to. */
  datasetsOf?: (tenant: string) => Datasets;
  clock: Clock;
  identifiers: Identifiers;
  random: Random;
  logger: Logger;
  processes: Processes;
  locations: Locations;
  /** What a tenant may ask for; the planner refuses what the submission could not check. */
  limits: (tenant: string) => JobLimits;
  /** Days that requests, plans, chunks, rows of ended jobs and archived messages are kept. */
  retentionDays: number;
}
