import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EnvironmentKey } from '../../shared/config/environment.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import type { DataBucket } from './data-bucket.ts';
import type { JobTable } from './job-table.ts';
import { PlatformFunction, type FunctionSettings } from './platform-function.ts';
import type { QueuePair } from './queue-pair.ts';

export const UPLOAD_CONSUMER_TIMEOUT = Duration.seconds(60);
/** Deliveries of one event before it is given up; the sweeper finds what it was about. */
export const UPLOAD_EVENT_ATTEMPTS = 5;
const MEMORY_MIB = 256;
const CONCURRENCY = 10;

export interface UploadConsumerProps {
  settings: FunctionSettings;
  table: JobTable;
  bucket: DataBucket;
  queues: QueuePair;
  environment: Partial<Record<EnvironmentKey, string>>;
  processes: readonly DeployedProcess[];
}

/** Follows the objects that appear under the prefixes of uploads: verifies, pins, examines, and starts their jobs. */
export class UploadConsumer extends Construct {
  readonly consumer: PlatformFunction;

  constructor(scope: Construct, id: string, props: UploadConsumerProps) {
    super(scope, id);
    this.consumer = new PlatformFunction(this, 'Consumer', {
      settings: props.settings,
      entry: 'uploads',
      description: 'Longhaul: pins uploads and starts their jobs',
      memoryMiB: MEMORY_MIB,
      timeout: UPLOAD_CONSUMER_TIMEOUT,
      environment: props.environment,
      processes: props.processes,
    });
    this.consumer.takeMessages(props.queues.queue, CONCURRENCY);
    props.bucket.notifyOfUploads(props.queues.queue);
    props.table.grantReadWrite(this.consumer);
    props.bucket.grantReadVersions(this.consumer);
    props.bucket.grantDeleteVersions(this.consumer);
    props.bucket.grantAbortUploads(this.consumer);
    // What the job is to do, and the request that it is accepted with.
    props.bucket.grantRead(this.consumer, 'work');
    props.bucket.grantWrite(this.consumer, 'work');
  }
}
