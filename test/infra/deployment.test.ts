import { Validations } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TEMPLATE_CHECK, appWith, resources, synthesise } from './helpers/synthesise.ts';

/** What MiniStack 1.5.33 rejects, together with the whole template. */
const REJECTED_LOCALLY = [
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::AnomalyDetector',
  'AWS::Events::Archive',
  'AWS::Logs::QueryDefinition',
  'AWS::XRay::Group',
  'AWS::Budgets::Budget',
];

interface Violation {
  ruleName: string;
  violatingConstructs: { constructPath: string }[];
}

/** Findings that nobody has explained, as `rule path`. */
function findings(context: Record<string, unknown>): string[] {
  const { app } = appWith({ ...context, [TEMPLATE_CHECK]: true });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  let outdir = app.outdir;
  try {
    outdir = app.synth().directory;
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('Validation failed')) throw error;
  }
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: Violation[] }[];
  };
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    ),
  );
}

describe('the AwsSolutions rules of cdk-nag and the rules of CloudFormation', () => {
  it('find nothing that is not explained', () => {
    expect(findings({})).toEqual([]);
  });

  it('find nothing more with every option in use', () => {
    expect(
      findings({
        removal: 'destroy',
        alarmEmail: 'duty@example.org',
        sourceBuckets: 'imagery-archive,elevation',
        allowedOrigins: 'https://maps.example.org',
        publicUrl: 'https://jobs.example.org',
      }),
    ).toEqual([]);
  });
});

describe('the local flag', () => {
  it('leaves out what the local cloud rejects, and only that', () => {
    const here = types(synthesise({ local: true }));
    const there = types(synthesise({ removal: 'destroy' }));
    for (const type of REJECTED_LOCALLY) expect(here).not.toHaveProperty(type);
    const missing = Object.keys(there).filter((type) => here[type] !== there[type]);
    expect(missing.sort()).toEqual([
      'AWS::CloudWatch::CompositeAlarm',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'Custom::S3AutoDeleteObjects',
    ]);
  });
});

describe('what is left behind', () => {
  it('is nothing when the removal says so', () => {
    for (const [id, resource] of everything(synthesise({ removal: 'destroy' })))
      expect([
        id,
        resource.DeletionPolicy ?? 'Delete',
        resource.Properties?.['DeletionProtectionEnabled'] ?? false,
      ]).toEqual([id, 'Delete', false]);
  });

  it('is the table of jobs and the bucket when retention asks for it, which is the default', () => {
    const kept = everything(synthesise()).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
    expect(kept.map(([, { Type }]) => Type).sort()).toEqual(['AWS::DynamoDB::Table', 'AWS::S3::Bucket']);
  });

  it('is no log: every group belongs to the stack and has a retention', () => {
    for (const [, { Properties, DeletionPolicy }] of resources(synthesise(), 'AWS::Logs::LogGroup')) {
      expect(Properties['RetentionInDays']).toBe(30);
      expect(DeletionPolicy).toBe('Delete');
    }
  });
});

describe('the outputs', () => {
  it('name what tools need', () => {
    expect(Object.keys(synthesise().findOutputs('*')).sort()).toEqual([
      'AlarmTopicArn',
      'ApiUrl',
      'DataBucketName',
      'DeadLetterQueueUrls',
      'FunctionNames',
      'IdempotencyTableName',
      'NotificationQueueUrl',
      'QueueUrls',
      'TableName',
      'UploadQueueUrl',
    ]);
  });
});

type AnyResource = { Type: string; DeletionPolicy?: string; Properties?: Record<string, unknown> };

function everything(template: Template): [string, AnyResource][] {
  return Object.entries((template.toJSON() as { Resources: Record<string, AnyResource> }).Resources);
}

/** How many resources of each type there are. */
function types(template: Template): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, { Type }] of everything(template)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}
