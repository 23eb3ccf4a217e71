import { describe, expect, it } from 'vitest';
import { resource, resources, synthesise } from './helpers/synthesise.ts';

const template = synthesise({ allowedOrigins: 'https://maps.example.org', retentionDays: 7 });
const jobs = resource(template, 'AWS::DynamoDB::Table', 'Jobs');
const tables = resources(template, 'AWS::DynamoDB::Table');

describe('the tables', () => {
  it.each(tables)('%s is on demand and can be restored to a point in time', (_, { Properties }) => {
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it.each(tables)('%s forgets what is expired', (_, { Properties }) => {
    expect(Properties['TimeToLiveSpecification']).toMatchObject({ Enabled: true });
  });

  it('keeps jobs under the keys and the expiry attribute that the engine writes', () => {
    expect(jobs.Properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'ttl' },
    });
  });

  it('protects the jobs from deletion', () => {
    expect(jobs.Properties['DeletionProtectionEnabled']).toBe(true);
  });

  it('streams both images of every change of a job', () => {
    expect(jobs.Properties['StreamSpecification']).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });

  it('has one index, of keys only, spread over the partitions of the active jobs', () => {
    expect(jobs.Properties['GlobalSecondaryIndexes']).toEqual([
      {
        IndexName: 'active',
        KeySchema: [
          { AttributeName: 'activePartition', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
    expect(jobs.Properties['AttributeDefinitions']).toContainEqual({ AttributeName: 'dueAt', AttributeType: 'N' });
  });

  it('keeps answers to repeated requests under the keys of Powertools, and never beyond the stack', () => {
    const idempotency = resource(template, 'AWS::DynamoDB::Table', 'Idempotency');
    expect(idempotency.Properties).toMatchObject({
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiration' },
    });
    expect(idempotency.DeletionPolicy).toBe('Delete');
  });
});

describe('the data bucket', () => {
  const bucket = resource(template, 'AWS::S3::Bucket', 'Data');
  const rules = (bucket.Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] }).Rules;

  it('blocks public access and keeps versions', () => {
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  it('refuses whoever comes without TLS', () => {
    const policy = resource(template, 'AWS::S3::BucketPolicy').Properties['PolicyDocument'];
    expect(policy).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]) as unknown,
    });
  });

  it.each([
    ['work/', 1],
    ['dead-letters/', 1],
    ['outputs/', 1],
    ['sources/', 1],
    ['incoming/', 1],
    // Seven days that an upload may take, and one.
    ['uploads/', 8],
  ])('removes parts that were abandoned under %s after %d days', (prefix, days) => {
    const [rule, ...others] = rules.filter(({ Prefix }) => Prefix === prefix);
    expect(rule).toMatchObject({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: days } });
    expect(others).toEqual([]);
  });

  it('has no rule for all prefixes that would remove parts or versions of uploads', () => {
    expect(rules.filter(({ Prefix }) => Prefix === undefined)).toEqual([
      { Id: 'everything', ExpiredObjectDeleteMarker: true, Status: 'Enabled' },
    ]);
  });

  it.each(['work/', 'dead-letters/'])('lets %s expire after the retention', (prefix) => {
    expect(rules).toContainEqual(expect.objectContaining({ Prefix: prefix, ExpirationInDays: 7, Status: 'Enabled' }));
  });

  it('lets nothing else expire but replaced versions', () => {
    expect(rules.filter((rule) => 'ExpirationInDays' in rule)).toHaveLength(2);
    const replaced = rules.filter((rule) => 'NoncurrentVersionExpiration' in rule);
    expect(Object.fromEntries(replaced.map((rule) => [rule['Id'], rule['NoncurrentVersionExpiration']]))).toEqual({
      work: { NoncurrentDays: 1 },
      'dead-letters': { NoncurrentDays: 1 },
      outputs: { NoncurrentDays: 7 },
      sources: { NoncurrentDays: 7 },
    });
  });

  it('lets the named origins read, and send what addresses are signed for, exactly those', () => {
    const origins = { AllowedOrigins: ['https://maps.example.org'] };
    expect(bucket.Properties['CorsConfiguration']).toMatchObject({
      CorsRules: [
        { ...origins, AllowedMethods: ['GET', 'HEAD'] },
        {
          ...origins,
          AllowedMethods: ['PUT'],
          AllowedHeaders: ['content-type', 'if-none-match', 'x-amz-checksum-sha256'],
          ExposedHeaders: ['etag', 'x-amz-checksum-sha256'],
        },
      ],
    });
  });

  it('sends an event for each object of an upload, and for no other, to the queue of uploads', () => {
    const queue = { 'Fn::GetAtt': [expect.stringMatching(/^UploadsQueue/) as string, 'Arn'] };
    const below = (Value: string) => ({
      Event: 's3:ObjectCreated:*',
      Queue: queue,
      Filter: { S3Key: { Rules: [{ Name: 'prefix', Value }] } },
    });
    expect(bucket.Properties['NotificationConfiguration']).toEqual({
      QueueConfigurations: [below('uploads/'), below('incoming/')],
    });
    expect(bucket.DependsOn).toEqual([expect.stringMatching(/^UploadsQueuePolicy/)]);
  });

  it('may send to that queue, from this account alone', () => {
    const policy = resource(template, 'AWS::SQS::QueuePolicy', 'UploadsQueuePolicy');
    expect(policy.Properties['PolicyDocument']).toMatchObject({
      Statement: expect.arrayContaining([
        {
          Action: 'sqs:SendMessage',
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^UploadsQueue/), 'Arn'] },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ]) as unknown,
    });
  });
});
