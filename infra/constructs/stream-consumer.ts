import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvironmentKey } from '../../shared/config/environment.ts';
import { JOB_PREFIX } from '../../shared/jobs/items/keys.ts';
import { acknowledge } from '../acknowledge.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import type { DataBucket } from './data-bucket.ts';
import type { JobTable } from './job-table.ts';
import { PlatformFunction, type FunctionSettings } from './platform-function.ts';
import { deadLetterQueue } from './queue-pair.ts';

const MEMORY_MIB = 512;
const TIMEOUT = Duration.seconds(60);
const BATCH_SIZE = 100;
/** Batches of one stream shard at once; the changes of one item stay in order. */
const PARALLEL_BATCHES = 4;
const RETRY_ATTEMPTS = 10;
/** Far below the 24 hours that a stream keeps: what is older, the sweeper has healed. */
const MAX_RECORD_AGE = Duration.hours(1);

export interface StreamConsumerProps {
  settings: FunctionSettings;
  table: JobTable;
  bucket: DataBucket;
  /** The queues that effects go to. */
  queues: readonly Queue[];
  environment: Partial<Record<EnvironmentKey, string>>;
  processes: readonly DeployedProcess[];
}

/** Turns every change of a job row into its effects. A record that cannot be handled stops no other. */
export class StreamConsumer extends Construct {
  readonly consumer: PlatformFunction;
  readonly failures: Queue;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    this.consumer = new PlatformFunction(this, 'Consumer', {
      settings: props.settings,
      entry: 'stream',
      description: 'Longhaul: effects of changes of job rows',
      memoryMiB: MEMORY_MIB,
      timeout: TIMEOUT,
      environment: props.environment,
      processes: props.processes,
    });
    this.failures = deadLetterQueue(this, 'Failures');
    acknowledge(this.failures, 'AwsSolutions-SQS3', 'It is itself where records go that failed.');
    const onFailure = new SqsDlq(this.failures);
    const permission = props.table.grantReadStream(this.consumer);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: this.consumer.function,
      eventSourceArn: props.table.streamArn,
      // From the beginning: changes that were made while a new mapping comes up must have their effects.
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: FilterRule.beginsWith(JOB_PREFIX) } } } })],
      batchSize: BATCH_SIZE,
      parallelizationFactor: PARALLEL_BATCHES,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: RETRY_ATTEMPTS,
      maxRecordAge: MAX_RECORD_AGE,
      onFailure,
    });
    permission.applyBefore(mapping);
    props.table.grantReadWrite(this.consumer);
    // A record that cannot be read is put aside there.
    props.bucket.grantWrite(this.consumer, 'dead-letters');
    for (const queue of props.queues) queue.grantSendMessages(this.consumer);
  }
}
