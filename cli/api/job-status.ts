import { z } from 'zod';
import { JOB_STATES } from '../../shared/jobs/job.ts';

const errorSchema = z.object({
  code: z.string(),
  detail: z.string(),
  remedy: z.string().exactOptional(),
  dataset: z.string().exactOptional(),
  unit: z.string().exactOptional(),
});

const countsSchema = z.object({ done: z.number(), failed: z.number(), skipped: z.number(), bytes: z.number() });

/** What the command reads of a job's status; the API gives more. */
export const jobStatusSchema = z.looseObject({
  jobID: z.string(),
  processID: z.string(),
  state: z.enum(JOB_STATES),
  message: z.string(),
  created: z.string(),
  finished: z.string().exactOptional(),
  progress: z.number(),
  counts: countsSchema,
  units: z.number().exactOptional(),
  datasets: z.array(countsSchema.extend({ id: z.string(), units: z.number() })).exactOptional(),
  failure: errorSchema.exactOptional(),
  errors: z.array(errorSchema).exactOptional(),
  retryOf: z.string().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
});
export type JobStatus = z.output<typeof jobStatusSchema>;

export const errorListSchema = z.looseObject({ errors: z.array(errorSchema) });
export type JobError = z.output<typeof errorSchema>;
