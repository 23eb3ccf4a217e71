import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { environmentVariables } from '../shared/config/environment.ts';
import { contextFlag, contextInteger, contextJson, contextList } from './context-values.ts';
import { contextInvalid } from './errors.ts';

const MAX_RETENTION_DAYS = 3650;
const MAX_ORIGINS = 20;
const MAX_SOURCE_BUCKETS = 50;
/** All variables of a function together may have 4 KiB: the limits take at most a quarter. */
const MAX_TENANT_LIMITS_BYTES = 1024;
const GIB = 1024 ** 3;

const DEFAULT_TENANT_LIMITS = { default: { maxUnits: 50_000_000, maxOutputBytes: 1024 * GIB }, tenants: {} };

/** The numbers of days that CloudWatch Logs can keep a log group. */
const LOG_RETENTION_DAYS = new Set(Object.values(RetentionDays).filter((days) => typeof days === 'number'));

/** `https://maps.example.org`, or a loopback origin for development: scheme, host and port, no path, no wildcard. */
const origin = z.string().refine((value) => {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const loopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost';
  return url.origin === value && !value.includes('*') && (url.protocol === 'https:' || loopback);
}, 'must be an exact origin such as https://maps.example.org');

const httpsUrl = z.url({ protocol: /^https$/ });

/** What a platform team may change of one process's limits; what is absent stays as the process states it. */
const limitOverridesSchema = z.strictObject({
  memoryMiB: z.int().min(128).max(10_240).optional(),
  timeoutSeconds: z.int().min(1).max(900).optional(),
  concurrency: z.int().min(2).max(1000).optional(),
  attempts: z.int().min(1).max(20).optional(),
  deadlineSeconds: z.int().min(60).optional(),
});
export type LimitOverrides = z.output<typeof limitOverridesSchema>;

/** Every context value of ours, as `-c key=value` (text) or in cdk.json (JSON). */
const contextSchema = z.strictObject({
  /** Leaves out what the local cloud rejects; everything else is the same. */
  local: contextFlag.default(false),
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must be letters, digits and hyphens, beginning with a letter')
    .default('Longhaul'),
  /** Where alarms go: an address that is subscribed to a topic of the stack, or a topic that exists. */
  alarmEmail: z.email().optional(),
  alarmTopicArn: z
    .string()
    .regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'must be the ARN of an SNS topic')
    .optional(),
  /** Where the runbook can be read; alarms link to its sections. */
  runbookUrl: z.string().min(1).default('docs/runbook.md'),
  /** Days that requests, plans, chunks and dead letters are kept. */
  retentionDays: contextInteger.pipe(z.int().min(1).max(MAX_RETENTION_DAYS)).default(30),
  logRetentionDays: contextInteger
    .refine((days) => LOG_RETENTION_DAYS.has(days), 'must be a number of days that CloudWatch Logs offers, such as 30')
    .default(RetentionDays.ONE_MONTH),
  /** What `cdk destroy` does with the table and the bucket. */
  removal: z.enum(['retain', 'destroy']).optional(),
  deletionProtection: contextFlag.optional(),
  /** Origin and path of the API as callers see it; empty: the API's own domain. */
  publicUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  allowedOrigins: contextList.pipe(z.array(origin).max(MAX_ORIGINS)).default([]),
  /** Requests per second, and at once, that the API takes from all callers together. */
  apiRateLimit: contextInteger.pipe(z.int().min(1).max(10_000)).default(100),
  apiBurstLimit: contextInteger.pipe(z.int().min(1).max(5000)).default(200),
  oidcIssuer: httpsUrl.optional(),
  oidcAudience: z.string().min(1).optional(),
  oidcJwksUrl: httpsUrl.optional(),
  oidcTenantClaim: z.string().min(1).default('tenant'),
  /** Buckets besides our own that every tenant may read sources from. */
  sourceBuckets: contextList
    .pipe(
      z.array(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be bucket names')).max(MAX_SOURCE_BUCKETS),
    )
    .default([]),
  tenantLimits: contextJson.default(DEFAULT_TENANT_LIMITS),
  /** Limits by process id that differ from what the process states. */
  processes: contextJson.pipe(z.record(z.string(), limitOverridesSchema)).default({}),
});

export type LonghaulConfig = Omit<z.output<typeof contextSchema>, 'removal' | 'deletionProtection' | 'tenantLimits'> & {
  removal: 'retain' | 'destroy';
  deletionProtection: boolean;
  /** Checked, as the JSON text of the variable TENANT_LIMITS. */
  tenantLimits: string;
};

/** The CDK's own keys: feature flags, look-ups and settings of its command line. */
const isCdkKey = (key: string) => /[:/]/.test(key) || key === 'tree-metadata';

/**
 * Reads and checks the context of the app.
 * @param context all context, with the CDK's own keys, which are let through
 * @throws LonghaulError `context-invalid` (final) that names the key
 */
export function readConfig(context: Record<string, unknown>): LonghaulConfig {
  const own = Object.fromEntries(Object.entries(context).filter(([key]) => !isCdkKey(key)));
  const result = contextSchema.safeParse(own);
  if (!result.success) throw firstProblem(result.error);
  const values = result.data;
  requireTogether(values);
  const removal = values.removal ?? (values.local ? 'destroy' : 'retain');
  const deletionProtection = values.deletionProtection ?? removal === 'retain';
  if (deletionProtection && removal === 'destroy')
    throw contextInvalid('deletionProtection', 'cannot be true while "removal" is destroy: destroying would fail');
  return { ...values, removal, deletionProtection, tenantLimits: tenantLimitsText(values.tenantLimits) };
}

function firstProblem(error: z.ZodError) {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys')
    return contextInvalid([...issue.path, issue.keys[0]].join('.'), 'is not known');
  return contextInvalid(issue?.path.join('.') ?? '', `is not valid: ${issue?.message ?? 'unknown problem'}`);
}

function requireTogether(values: z.output<typeof contextSchema>): void {
  if (values.alarmEmail !== undefined && values.alarmTopicArn !== undefined)
    throw contextInvalid('alarmEmail', 'cannot be given together with "alarmTopicArn": a topic that exists is yours');
  if (values.publicUrl.endsWith('/')) throw contextInvalid('publicUrl', 'must not end in a slash');
  for (const key of ['oidcAudience', 'oidcJwksUrl'] as const) {
    if (values.oidcIssuer !== undefined && values[key] === undefined)
      throw contextInvalid(key, 'is missing: "oidcIssuer", "oidcAudience" and "oidcJwksUrl" go together');
    if (values.oidcIssuer === undefined && values[key] !== undefined)
      throw contextInvalid('oidcIssuer', 'is missing: "oidcIssuer", "oidcAudience" and "oidcJwksUrl" go together');
  }
}

function tenantLimitsText(limits: unknown): string {
  const text = JSON.stringify(limits);
  if (Buffer.byteLength(text) > MAX_TENANT_LIMITS_BYTES)
    throw contextInvalid('tenantLimits', `has more than ${MAX_TENANT_LIMITS_BYTES} bytes`);
  const result = environmentVariables.TENANT_LIMITS.safeParse(text);
  if (result.success) return text;
  const issue = result.error.issues[0];
  const path = ['tenantLimits', ...(issue?.path ?? [])].join('.');
  throw contextInvalid(path, `is not valid: ${issue?.message ?? 'unknown problem'}`);
}
