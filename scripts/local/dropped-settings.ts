import { UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import {
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { EmulatorClients } from './emulator-clients.ts';
import { callCloudFormation, reserveConcurrency } from './emulator-request.ts';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const timeToLiveSchema = z.object({ AttributeName: z.string(), Enabled: z.boolean() });
const recoverySchema = z.object({ PointInTimeRecoveryEnabled: z.boolean() });
const lifecycleSchema = z.object({
  Rules: z.array(
    z.object({
      Id: z.string().optional(),
      Status: z.enum(['Enabled', 'Disabled']),
      Prefix: z.string().optional(),
      ExpirationInDays: z.number().optional(),
      NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.number() }).optional(),
      AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: z.number() }).optional(),
    }),
  ),
});

const versioningSchema = z.object({ Status: z.enum(['Enabled', 'Suspended']) });
const notificationSchema = z.object({
  QueueConfigurations: z.array(
    z.object({
      Event: z.literal('s3:ObjectCreated:*'),
      Queue: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
      Filter: z.object({
        S3Key: z.object({ Rules: z.array(z.object({ Name: z.literal('prefix'), Value: z.string() })) }),
      }),
    }),
  ),
});

type Properties = Record<string, unknown>;

interface Repair {
  clients: EmulatorClients;
  /** Physical name of the resource. */
  name: string;
  properties: Properties;
  /** Physical by logical names. */
  names: ReadonlyMap<string, string>;
}

/** What one type of resource loses on its way through the emulator's CloudFormation, put on again. */
const REPAIRS: Record<string, (repair: Repair) => Promise<void>> = {
  'AWS::DynamoDB::Table': repairTable,
  'AWS::DynamoDB::GlobalTable': repairTable,
  'AWS::S3::Bucket': repairBucket,
};

/**
 * Sets what the template says and the emulator's CloudFormation drops: time to live and recovery of tables; lifecycle,
 * versioning and notifications of buckets; reserved concurrency of functions.
 * @param template text of the synthesised template
 * @throws LonghaulError `local-cloud-refused`; ZodError when the template has a form that is not known here
 */
export async function applyDroppedSettings(
  endpoint: URL,
  clients: EmulatorClients,
  stackName: string,
  template: string,
): Promise<void> {
  const { Resources: resources } = templateSchema.parse(JSON.parse(template));
  const names = physicalNames(await callCloudFormation(endpoint, 'DescribeStackResources', stackName));
  for (const [logicalId, { Type: type, Properties: properties = {} }] of Object.entries(resources)) {
    const name = names.get(logicalId);
    if (name === undefined) continue;
    await REPAIRS[type]?.({ clients, name, properties, names });
    const concurrency = properties['ReservedConcurrentExecutions'];
    if (type === 'AWS::Lambda::Function' && typeof concurrency === 'number') {
      await reserveConcurrency(endpoint, name, concurrency);
    }
  }
}

/** Physical by logical names, out of the XML of DescribeStackResources. */
export function physicalNames(xml: string): Map<string, string> {
  const members = xml.matchAll(/<member>(.*?)<\/member>/gs);
  const pairs = [...members].map(([, member = '']): [string, string] => [
    textOf(member, 'LogicalResourceId'),
    textOf(member, 'PhysicalResourceId'),
  ]);
  return new Map(pairs.filter(([logicalId, name]) => logicalId !== '' && name !== ''));
}

function textOf(xml: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '';
}

async function repairTable({ clients: { dynamodb }, name, properties }: Repair): Promise<void> {
  const timeToLive = timeToLiveSchema.safeParse(properties['TimeToLiveSpecification']);
  if (timeToLive.success) {
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: timeToLive.data }));
  }
  const recovery = recoverySchema.safeParse(
    properties['PointInTimeRecoverySpecification'] ?? replicaRecovery(properties),
  );
  if (recovery.success) {
    const specification = { PointInTimeRecoverySpecification: recovery.data };
    await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: name, ...specification }));
  }
}

/** A global table states recovery on each replica; ours has one. */
function replicaRecovery(properties: Properties): unknown {
  const replicas = z.array(z.record(z.string(), z.unknown())).safeParse(properties['Replicas']);
  return replicas.success ? replicas.data[0]?.['PointInTimeRecoverySpecification'] : undefined;
}

async function repairBucket(repair: Repair): Promise<void> {
  const { clients, name, properties } = repair;
  const versioning = versioningSchema.safeParse(properties['VersioningConfiguration']);
  if (versioning.success) {
    await clients.s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: versioning.data }));
  }
  await repairLifecycle(repair);
  await repairNotifications(repair);
}

async function repairNotifications({ clients: { s3, sqs }, name, properties, names }: Repair): Promise<void> {
  if (properties['NotificationConfiguration'] === undefined) return;
  const { QueueConfigurations } = notificationSchema.parse(properties['NotificationConfiguration']);
  const configurations = await Promise.all(
    QueueConfigurations.map(async ({ Event, Queue, Filter }) => {
      const QueueUrl = names.get(Queue['Fn::GetAtt'][0]);
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      const FilterRules = Filter.S3Key.Rules;
      return { QueueArn: Attributes?.['QueueArn'], Events: [Event], Filter: { Key: { FilterRules } } };
    }),
  );
  const command = new PutBucketNotificationConfigurationCommand({
    Bucket: name,
    NotificationConfiguration: { QueueConfigurations: configurations },
  });
  await s3.send(command);
}

async function repairLifecycle({ clients: { s3 }, name, properties }: Repair): Promise<void> {
  if (properties['LifecycleConfiguration'] === undefined) return;
  const rules = lifecycleSchema.parse(properties['LifecycleConfiguration']).Rules.map((rule): LifecycleRule => ({
    ...(rule.Id === undefined ? {} : { ID: rule.Id }),
    Status: rule.Status,
    Filter: { Prefix: rule.Prefix ?? '' },
    ...(rule.ExpirationInDays === undefined ? {} : { Expiration: { Days: rule.ExpirationInDays } }),
    ...(rule.NoncurrentVersionExpiration === undefined
      ? {}
      : { NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration }),
    ...(rule.AbortIncompleteMultipartUpload === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload }),
  }));
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: name, LifecycleConfiguration: { Rules: rules } }));
}
