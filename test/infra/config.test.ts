import { describe, expect, it } from 'vitest';
import { environmentVariables } from '../../shared/config/environment.ts';
import { readConfig } from '../../infra/config.ts';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { projectContext } from './helpers/synthesise.ts';

function refusal(context: Record<string, unknown>): LonghaulError {
  try {
    readConfig(context);
  } catch (error) {
    if (error instanceof LonghaulError) return error;
    throw error;
  }
  throw new Error('The context was taken.');
}

describe('readConfig', () => {
  it('needs no value', () => {
    expect(readConfig({})).toMatchObject({
      local: false,
      stackName: 'Longhaul',
      retentionDays: 30,
      logRetentionDays: 30,
      removal: 'retain',
      deletionProtection: true,
      publicUrl: '',
      allowedOrigins: [],
      sourceBuckets: [],
      processes: {},
    });
  });

  it('lets the keys of the CDK through', () => {
    expect(() => readConfig({ ...projectContext, 'aws:cdk:bundling-stacks': [], 'tree-metadata': true })).not.toThrow();
  });

  it('reads text as the command line gives it', () => {
    const config = readConfig({
      local: 'true',
      retentionDays: '7',
      logRetentionDays: '14',
      allowedOrigins: 'https://maps.example.org, http://127.0.0.1:8787',
      sourceBuckets: 'imagery-archive',
      tenantLimits: '{"default":{"maxUnits":1000,"maxOutputBytes":2000},"tenants":{"acme":{"maxUnits":5}}}',
      processes: '{"echo":{"memoryMiB":512}}',
    });
    expect(config).toMatchObject({
      local: true,
      retentionDays: 7,
      logRetentionDays: 14,
      allowedOrigins: ['https://maps.example.org', 'http://127.0.0.1:8787'],
      sourceBuckets: ['imagery-archive'],
      tenantLimits: '{"default":{"maxUnits":1000,"maxOutputBytes":2000},"tenants":{"acme":{"maxUnits":5}}}',
      processes: { echo: { memoryMiB: 512 } },
    });
  });

  it('reads the same values as JSON from cdk.json', () => {
    const config = readConfig({ local: true, retentionDays: 7, allowedOrigins: ['https://a.example'], processes: {} });
    expect(config).toMatchObject({ local: true, retentionDays: 7, allowedOrigins: ['https://a.example'] });
  });

  it('keeps nothing on the local cloud, and everything elsewhere', () => {
    expect(readConfig({ local: true })).toMatchObject({ removal: 'destroy', deletionProtection: false });
    expect(readConfig({ removal: 'destroy' })).toMatchObject({ removal: 'destroy', deletionProtection: false });
    expect(readConfig({ removal: 'retain' })).toMatchObject({ removal: 'retain', deletionProtection: true });
    expect(readConfig({ deletionProtection: 'false' })).toMatchObject({ removal: 'retain', deletionProtection: false });
  });

  it.each([
    ['retentionDaysTypo', { retentionDaysTypo: 3 }],
    ['retentionDays', { retentionDays: 0 }],
    ['retentionDays', { retentionDays: 'a month' }],
    ['retentionDays', { retentionDays: 1.5 }],
    ['logRetentionDays', { logRetentionDays: 29 }],
    ['local', { local: 'yes' }],
    ['stackName', { stackName: '9lives' }],
    ['alarmEmail', { alarmEmail: 'nobody' }],
    ['alarmTopicArn', { alarmTopicArn: 'topic' }],
    ['alarmEmail', { alarmEmail: 'a@example.org', alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms' }],
    ['removal', { removal: 'keep' }],
    ['deletionProtection', { removal: 'destroy', deletionProtection: true }],
    ['publicUrl', { publicUrl: 'ftp://example.org' }],
    ['publicUrl', { publicUrl: 'https://example.org/' }],
    ['allowedOrigins.0', { allowedOrigins: '*' }],
    ['allowedOrigins.0', { allowedOrigins: 'https://*.example.org' }],
    ['allowedOrigins.0', { allowedOrigins: 'https://example.org/' }],
    ['allowedOrigins.0', { allowedOrigins: 'http://example.org' }],
    ['oidcAudience', { oidcIssuer: 'https://id.example.org', oidcJwksUrl: 'https://id.example.org/keys' }],
    ['oidcJwksUrl', { oidcIssuer: 'https://id.example.org', oidcAudience: 'longhaul' }],
    ['oidcIssuer', { oidcAudience: 'longhaul' }],
    ['oidcJwksUrl', { oidcIssuer: 'https://a.example', oidcAudience: 'a', oidcJwksUrl: 'http://a.example/keys' }],
    ['sourceBuckets.0', { sourceBuckets: 'Not_A_Bucket' }],
    ['tenantLimits', { tenantLimits: '{' }],
    ['tenantLimits.default', { tenantLimits: { tenants: {} } }],
    ['tenantLimits.default.maxUnits', { tenantLimits: { default: { maxUnits: -1, maxOutputBytes: 1 }, tenants: {} } }],
    ['processes.echo.memoryMiB', { processes: { echo: { memoryMiB: 64 } } }],
    ['processes.echo.memory', { processes: { echo: { memory: 512 } } }],
    ['processes.echo.concurrency', { processes: { echo: { concurrency: 1 } } }],
    ['apiRateLimit', { apiRateLimit: 0 }],
  ])('refuses a wrong value and names %s', (key, context) => {
    const error = refusal(context);
    expect(error).toMatchObject({ code: 'context-invalid', retryable: false });
    expect(error.detail).toContain(`"${key}"`);
  });

  it('refuses limits that would not fit into the environment of a function', () => {
    const tenants = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`tenant-${index}`, { maxUnits: 1 }]));
    const error = refusal({ tenantLimits: { default: { maxUnits: 1, maxOutputBytes: 1 }, tenants } });
    expect(error.detail).toContain('1024 bytes');
  });

  it('gives everybody quotas of uploads where a deployment names none, and tenants those in which they differ', () => {
    const tenantLimits = {
      default: { maxUnits: 5, maxOutputBytes: 7 },
      tenants: { acme: { maxOpenUploads: 2, maxActiveJobs: 200 } },
    };
    const parsed = environmentVariables.TENANT_LIMITS.parse(readConfig({ tenantLimits }).tenantLimits);
    expect(parsed.default).toEqual({
      maxUnits: 5,
      maxOutputBytes: 7,
      maxStoredBytes: 5 * 1024 ** 4,
      maxInFlightBytes: 5 * 1024 ** 4,
      maxOpenUploads: 100,
    });
    expect(parsed.tenants).toEqual({ acme: { maxOpenUploads: 2, maxActiveJobs: 200 } });
    const tooMany = { ...tenantLimits, tenants: { acme: { maxActiveJobs: 201 } } };
    expect(() => readConfig({ tenantLimits: tooMany })).toThrow(/tenantLimits\.tenants\.acme\.maxActiveJobs/);
  });
});
