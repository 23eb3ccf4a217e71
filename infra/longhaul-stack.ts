import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { apiRoutes } from '../functions/api/routes.ts';
import type { LonghaulConfig } from './config.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { DataBucket } from './constructs/data-bucket.ts';
import { DEAD_LETTER_CONSUMER_TIMEOUT, DeadLetterConsumer } from './constructs/dead-letter-consumer.ts';
import { HttpApi } from './constructs/http-api.ts';
import { IdempotencyTable } from './constructs/idempotency-table.ts';
import { JobTable } from './constructs/job-table.ts';
import { NOTIFICATION_ATTEMPTS, NOTIFIER_TIMEOUT, Notifier } from './constructs/notifier.ts';
import { OperationsDashboard } from './constructs/operations-dashboard.ts';
import { PlatformAlarms } from './constructs/platform-alarms.ts';
import { PlatformFunction } from './constructs/platform-function.ts';
import { ProcessAlarms } from './constructs/process-alarms.ts';
import { ProcessWorker } from './constructs/process-worker.ts';
import { QueuePair } from './constructs/queue-pair.ts';
import { SourceBuckets } from './constructs/source-buckets.ts';
import { StreamConsumer } from './constructs/stream-consumer.ts';
import { Sweeper } from './constructs/sweeper.ts';
import { UPLOAD_CONSUMER_TIMEOUT, UPLOAD_EVENT_ATTEMPTS, UploadConsumer } from './constructs/upload-consumer.ts';
import type { DeployedProcess } from './deployed-processes.ts';

const API_MEMORY_MIB = 1024;
/** The HTTP API gives up after 30 seconds: the function must answer before. */
const API_TIMEOUT = Duration.seconds(29);
const AUTHORIZER_MEMORY_MIB = 256;
const AUTHORIZER_TIMEOUT = Duration.seconds(10);

export interface LonghaulStackProps extends StackProps {
  config: LonghaulConfig;
  processes: readonly DeployedProcess[];
}

/** Everything that is deployed, from top to bottom: what keeps, what works, what answers, what watches. */
export class LonghaulStack extends Stack {
  constructor(scope: Construct, id: string, { config, processes, ...props }: LonghaulStackProps) {
    super(scope, id, { description: 'Longhaul: durable geospatial background jobs', ...props });
    const settings = { local: config.local, logRetention: config.logRetentionDays };
    const removal = config.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    // What keeps.
    const table = new JobTable(this, 'Jobs', { removal, deletionProtection: config.deletionProtection });
    const idempotency = new IdempotencyTable(this, 'Idempotency');
    const bucket = new DataBucket(this, 'Data', {
      removal,
      // The local cloud cannot run CDK's function that empties a bucket.
      emptyOnRemoval: config.removal === 'destroy' && !config.local,
      retentionDays: config.retentionDays,
      allowedOrigins: config.allowedOrigins,
    });
    const sourceBuckets = new SourceBuckets(this, 'Sources', { names: config.sourceBuckets });

    // What carries work: for each process a queue of its own, one for the callbacks, and one for the uploads.
    const pipelines = processes.map((process) => ({
      process,
      id: process.definition.id,
      queues: new QueuePair(this, `Queues-${process.definition.id}`, {
        consumerTimeout: Duration.seconds(process.limits.timeoutSeconds),
        deadLetterConsumerTimeout: DEAD_LETTER_CONSUMER_TIMEOUT,
        attempts: process.limits.attempts,
      }),
    }));
    const queuePairs = pipelines.map(({ queues }) => queues);
    const notifications = new QueuePair(this, 'Notifications', {
      consumerTimeout: NOTIFIER_TIMEOUT,
      attempts: NOTIFICATION_ATTEMPTS,
    });

    const uploads = new QueuePair(this, 'Uploads', {
      consumerTimeout: UPLOAD_CONSUMER_TIMEOUT,
      attempts: UPLOAD_EVENT_ATTEMPTS,
    });

    const byProcess = (members: typeof pipelines, value: (queues: QueuePair) => string) =>
      this.toJsonString(Object.fromEntries(members.map(({ id, queues }) => [id, value(queues)])));
    const engineEnvironment = (members: typeof pipelines) => ({
      TABLE_NAME: table.table.tableName,
      DATA_BUCKET: bucket.bucket.bucketName,
      SOURCE_BUCKETS: JSON.stringify(config.sourceBuckets),
      QUEUE_URLS: byProcess(members, ({ queue }) => queue.queueUrl),
      DEAD_LETTER_QUEUE_URLS: byProcess(members, ({ deadLetterQueue }) => deadLetterQueue.queueUrl),
      TENANT_LIMITS: config.tenantLimits,
      RETENTION_DAYS: String(config.retentionDays),
    });
    const environment = engineEnvironment(pipelines);
    const notificationEnvironment = { NOTIFICATION_QUEUE_URL: notifications.queue.queueUrl };

    // What works.
    const workers = pipelines.map((pipeline) => ({
      ...pipeline,
      title: pipeline.process.definition.title,
      worker: new ProcessWorker(this, `Process-${pipeline.id}`, {
        process: pipeline.process,
        settings,
        queues: pipeline.queues,
        table,
        bucket,
        sourceBuckets,
        environment: engineEnvironment([pipeline]),
      }).worker,
    }));
    const stream = new StreamConsumer(this, 'Stream', {
      settings,
      table,
      bucket,
      queues: [...queuePairs, notifications].map(({ queue }) => queue),
      environment: { ...environment, ...notificationEnvironment },
      processes,
    });
    const shared = { settings, table, environment, processes };
    const sweeper = new Sweeper(this, 'Sweep', { ...shared, bucket, queues: queuePairs });
    const deadLetters = new DeadLetterConsumer(this, 'DeadLetters', { ...shared, bucket, queues: queuePairs });

    const uploadConsumer = new UploadConsumer(this, 'UploadEvents', { ...shared, bucket, queues: uploads });

    // What answers.
    const handler = new PlatformFunction(this, 'ApiFunction', {
      settings,
      entry: 'api',
      description: 'Longhaul: OGC API - Processes',
      memoryMiB: API_MEMORY_MIB,
      timeout: API_TIMEOUT,
      environment: {
        ...environment,
        IDEMPOTENCY_TABLE_NAME: idempotency.table.tableName,
        PUBLIC_URL: config.publicUrl,
      },
      processes,
    });
    table.grantReadWrite(handler);
    idempotency.grantReadWrite(handler);
    bucket.grantRead(handler, 'work', 'outputs', 'sources');
    bucket.grantWrite(handler, 'work');
    bucket.grantReadVersions(handler);
    bucket.grantJoinUploads(handler);
    bucket.grantDeleteVersions(handler);
    sourceBuckets.grantRead(handler);
    for (const { queue } of queuePairs) queue.grant(handler, 'sqs:GetQueueAttributes');
    const authorizer = new PlatformFunction(this, 'AuthorizerFunction', {
      settings,
      entry: 'authorizer',
      description: 'Longhaul: who calls, for which tenant, with which scopes',
      memoryMiB: AUTHORIZER_MEMORY_MIB,
      timeout: AUTHORIZER_TIMEOUT,
      environment: {
        TABLE_NAME: table.table.tableName,
        OIDC_ISSUER: config.oidcIssuer ?? '',
        OIDC_AUDIENCE: config.oidcAudience ?? '',
        OIDC_JWKS_URL: config.oidcJwksUrl ?? '',
        OIDC_TENANT_CLAIM: config.oidcTenantClaim,
      },
      processes: [],
    });
    table.grantReadItems(authorizer, 'TOKEN#');
    const api = new HttpApi(this, 'Api', {
      routes: apiRoutes,
      handler,
      authorizer,
      allowedOrigins: config.allowedOrigins,
      logRetention: config.logRetentionDays,
      rateLimit: config.apiRateLimit,
      burstLimit: config.apiBurstLimit,
    });

    const notifier = new Notifier(this, 'Notify', {
      ...shared,
      bucket,
      queues: notifications,
      // A callback comes from no request that could name the API.
      environment: { ...environment, PUBLIC_URL: config.publicUrl === '' ? api.api.apiEndpoint : config.publicUrl },
    });

    // What watches.
    const alarmTopic = new AlarmTopic(this, 'Alarms', {
      runbookUrl: config.runbookUrl,
      // The local cloud rejects a template that has composite alarms.
      composite: !config.local,
      ...(config.alarmEmail === undefined ? {} : { email: config.alarmEmail }),
      ...(config.alarmTopicArn === undefined ? {} : { existingTopicArn: config.alarmTopicArn }),
    });
    for (const { id: processId, process, queues, worker } of workers)
      new ProcessAlarms(this, `Alarms-${processId}`, { process, queues, worker, alarmTopic });
    new PlatformAlarms(this, 'PlatformAlarms', {
      api,
      authorizer,
      stream,
      sweeper,
      deadLetters,
      notifications,
      uploads,
      uploadConsumer,
      table,
      alarmTopic,
    });
    new OperationsDashboard(this, 'Operations', {
      processes: workers,
      api,
      stream: stream.consumer,
      sweeper: sweeper.sweeper,
      deadLetters: deadLetters.consumer,
      uploads: { queues: uploads, worker: uploadConsumer.consumer },
    });

    // What a caller and the tools need to know.
    const outputs: Record<string, string> = {
      ApiUrl: api.api.apiEndpoint,
      TableName: table.table.tableName,
      IdempotencyTableName: idempotency.table.tableName,
      DataBucketName: bucket.bucket.bucketName,
      QueueUrls: environment.QUEUE_URLS,
      DeadLetterQueueUrls: environment.DEAD_LETTER_QUEUE_URLS,
      NotificationQueueUrl: notifications.queue.queueUrl,
      UploadQueueUrl: uploads.queue.queueUrl,
      AlarmTopicArn: alarmTopic.topic.topicArn,
      FunctionNames: this.toJsonString({
        api: handler.function.functionName,
        authorizer: authorizer.function.functionName,
        stream: stream.consumer.function.functionName,
        sweeper: sweeper.sweeper.function.functionName,
        deadLetters: deadLetters.consumer.function.functionName,
        notifications: notifier.notifier.function.functionName,
        uploads: uploadConsumer.consumer.function.functionName,
        workers: Object.fromEntries(workers.map((member) => [member.id, member.worker.function.functionName])),
      }),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
