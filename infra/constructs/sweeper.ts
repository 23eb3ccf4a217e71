import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvironmentKey } from '../../shared/config/environment.ts';
import { acknowledge } from '../acknowledge.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import type { DataBucket } from './data-bucket.ts';
import type { JobTable } from './job-table.ts';
import { PlatformFunction, type FunctionSettings } from './platform-function.ts';
import { deadLetterQueue, type QueuePair } from './queue-pair.ts';

const MEMORY_MIB = 512;
const INTERVAL = Duration.minutes(1);
/** A sweep ends before the next begins. */
const TIMEOUT = Duration.seconds(INTERVAL.toSeconds() - 5);
/** A sweep that was missed is not made up for: the next one does its work. */
const RETRY_ATTEMPTS = 0;

export interface SweeperProps {
  settings: FunctionSettings;
  table: JobTable;
  bucket: DataBucket;
  queues: readonly QueuePair[];
  environment: Partial<Record<EnvironmentKey, string>>;
  processes: readonly DeployedProcess[];
}

/** Compares the record with the truth, every minute. */
export class Sweeper extends Construct {
  readonly sweeper: PlatformFunction;
  /** Sweeps that could not be started, or that failed. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, props: SweeperProps) {
    super(scope, id);
    this.failures = deadLetterQueue(this, 'Failures');
    acknowledge(this.failures, 'AwsSolutions-SQS3', 'It is itself where sweeps go that failed.');
    this.sweeper = new PlatformFunction(this, 'Sweeper', {
      settings: props.settings,
      entry: 'sweeper',
      description: 'Longhaul: heals jobs that stand still',
      memoryMiB: MEMORY_MIB,
      timeout: TIMEOUT,
      environment: props.environment,
      processes: props.processes,
      asynchronous: {
        onFailure: new SqsDestination(this.failures),
        retryAttempts: RETRY_ATTEMPTS,
        maxEventAge: INTERVAL,
      },
    });
    this.schedule();
    props.table.grantReadWrite(this.sweeper);
    props.table.grantReadActive(this.sweeper);
    props.bucket.grantDelete(this.sweeper, 'outputs');
    // Uploads: to go on where a function stopped, to start their jobs, and to remove what was given up.
    props.bucket.grantReadVersions(this.sweeper);
    props.bucket.grantJoinUploads(this.sweeper);
    props.bucket.grantDeleteVersions(this.sweeper);
    props.bucket.grantRead(this.sweeper, 'work');
    props.bucket.grantWrite(this.sweeper, 'work');
    for (const { queue } of props.queues) {
      queue.grantSendMessages(this.sweeper);
      queue.grant(this.sweeper, 'sqs:GetQueueAttributes');
    }
  }

  private schedule(): void {
    const role = new Role(this, 'ScheduleRole', {
      description: 'Starts the sweeper, and nothing else',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.sweeper.function.grantInvokeLatestVersion(role);
    this.failures.grantSendMessages(role);
    new Schedule(this, 'Schedule', {
      description: 'Longhaul: starts the sweeper',
      schedule: ScheduleExpression.rate(INTERVAL),
      target: new LambdaInvoke(this.sweeper.function, {
        // The target would add every version of the function to what the role may invoke.
        role: role.withoutPolicyUpdates(),
        deadLetterQueue: this.failures,
        retryAttempts: RETRY_ATTEMPTS,
        maxEventAge: INTERVAL,
      }),
    });
  }
}
