import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EnvironmentKey } from '../../shared/config/environment.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import type { DataBucket } from './data-bucket.ts';
import type { JobTable } from './job-table.ts';
import { PlatformFunction, type FunctionSettings } from './platform-function.ts';
import type { QueuePair } from './queue-pair.ts';

export const DEAD_LETTER_CONSUMER_TIMEOUT = Duration.seconds(60);
const MEMORY_MIB = 512;
const CONCURRENCY = 2;

export interface DeadLetterConsumerProps {
  settings: FunctionSettings;
  table: JobTable;
  bucket: DataBucket;
  /** The pairs whose dead-letter queues it consumes. */
  queues: readonly QueuePair[];
  environment: Partial<Record<EnvironmentKey, string>>;
  processes: readonly DeployedProcess[];
}

/** Archives every message that was given up, and settles what it stood for, so that its job ends and says why. */
export class DeadLetterConsumer extends Construct {
  readonly consumer: PlatformFunction;

  constructor(scope: Construct, id: string, props: DeadLetterConsumerProps) {
    super(scope, id);
    this.consumer = new PlatformFunction(this, 'Consumer', {
      settings: props.settings,
      entry: 'dead-letters',
      description: 'Longhaul: archives and settles what was given up',
      memoryMiB: MEMORY_MIB,
      timeout: DEAD_LETTER_CONSUMER_TIMEOUT,
      environment: props.environment,
      processes: props.processes,
    });
    for (const { deadLetterQueue } of props.queues) this.consumer.takeMessages(deadLetterQueue, CONCURRENCY);
    props.table.grantReadWrite(this.consumer);
    props.bucket.grantRead(this.consumer, 'work', 'dead-letters');
    props.bucket.grantWrite(this.consumer, 'work', 'dead-letters');
  }
}
