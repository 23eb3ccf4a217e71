import type { Job } from '../job.ts';
import type { Platform } from '../platform.ts';
import type { ProcessDefinition } from '../process.ts';

/** One delivery of a message to a worker. */
export interface Delivery {
  body: string;
  /** Above 1 when an earlier delivery of the same message was not acknowledged. */
  receiveCount: number;
  /** Aborted shortly before the worker's time runs out. */
  signal: AbortSignal;
}

/** What every kind of message is handled with. */
export interface Task {
  platform: Platform;
  process: ProcessDefinition;
  job: Job;
  delivery: Delivery;
}
