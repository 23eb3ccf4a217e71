import { z } from 'zod';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { MAX_ACTIVE_JOBS } from '../jobs/limits.ts';

/** A JSON object in an environment variable. */
const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** What one tenant may ask for; a submission above it is refused before anything runs. */
export const tenantLimitsSchema = z.strictObject({
  /** Units (tiles) of one job. */
  maxUnits: z.int().positive(),
  /** Upper estimate of one job's output in bytes. */
  maxOutputBytes: z.int().positive(),
  /** Jobs that have not ended; absent: they are not counted. */
  maxActiveJobs: z.int().positive().max(MAX_ACTIVE_JOBS).exactOptional(),
  /** Bytes of uploads: stored, with those that are under way. */
  maxStoredBytes: z.int().positive(),
  /** Bytes of uploads that are under way. */
  maxInFlightBytes: z.int().positive(),
  /** Uploads that are under way. */
  maxOpenUploads: z.int().positive(),
});
export type TenantLimits = z.output<typeof tenantLimitsSchema>;

/** Quotas of uploads for everybody, where the deployment says nothing. */
const DEFAULT_QUOTA_BYTES = 5 * 1024 ** 4;
const DEFAULT_OPEN_UPLOADS = 100;

const limitsSchema = z.strictObject({
  default: tenantLimitsSchema.extend({
    maxStoredBytes: tenantLimitsSchema.shape.maxStoredBytes.default(DEFAULT_QUOTA_BYTES),
    maxInFlightBytes: tenantLimitsSchema.shape.maxInFlightBytes.default(DEFAULT_QUOTA_BYTES),
    maxOpenUploads: tenantLimitsSchema.shape.maxOpenUploads.default(DEFAULT_OPEN_UPLOADS),
  }),
  tenants: z.record(z.string(), tenantLimitsSchema.partial()),
});

/** Every variable that a function may read. Each function picks its own; CDK sets them through the same keys. */
export const environmentVariables = {
  TABLE_NAME: z.string().min(1),
  IDEMPOTENCY_TABLE_NAME: z.string().min(1),
  /** Holds `work/`, `outputs/`, `dead-letters/` and `sources/<tenant>/`. */
  DATA_BUCKET: z.string().min(1),
  /** Other buckets that every tenant may read sources from. */
  SOURCE_BUCKETS: json(z.array(z.string().min(3))),
  /** Queue URL by process id. */
  QUEUE_URLS: json(z.record(z.string(), z.url())),
  /** Dead-letter queue URL by process id. */
  DEAD_LETTER_QUEUE_URLS: json(z.record(z.string(), z.url())),
  /** Queue of subscriber callbacks. */
  NOTIFICATION_QUEUE_URL: z.url(),
  /** Limits for every tenant, and for those that differ. */
  TENANT_LIMITS: json(limitsSchema),
  /** Origin and path of the API as callers see it, without a trailing slash; empty: the API's own domain. */
  PUBLIC_URL: z.string(),
  /** OIDC issuer whose tokens are taken; empty: API tokens only. */
  OIDC_ISSUER: z.string(),
  OIDC_AUDIENCE: z.string(),
  OIDC_JWKS_URL: z.string(),
  /** Claim of the token that names the tenant. */
  OIDC_TENANT_CLAIM: z.string(),
  /** Days that requests, plans, chunks and index rows of dead letters are kept. */
  RETENTION_DAYS: z.coerce.number().int().positive(),
} as const;

export type EnvironmentKey = keyof typeof environmentVariables;
export type Environment<Key extends EnvironmentKey> = { [K in Key]: z.output<(typeof environmentVariables)[K]> };

/**
 * Parses the variables that a function names, once, when it is loaded.
 * @throws LonghaulError `environment-invalid` (final) that names each variable that is missing or wrong
 */
export function readEnvironment<Key extends EnvironmentKey>(
  keys: readonly Key[],
  source: Record<string, string | undefined>,
): Environment<Key> {
  const shape = Object.fromEntries(keys.map((key) => [key, environmentVariables[key]]));
  const result = z.object(shape).safeParse(source);
  if (result.success) return result.data as Environment<Key>;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new LonghaulError({
    code: 'environment-invalid',
    retryable: false,
    detail: `The environment is not complete: ${problems.join('; ')}.`,
    remedy: 'Deploy the stack again: it sets every variable.',
  });
}
