import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EnvironmentKey } from '../../shared/config/environment.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import type { DataBucket } from './data-bucket.ts';
import type { JobTable } from './job-table.ts';
import { PlatformFunction, type FunctionSettings } from './platform-function.ts';
import type { QueuePair } from './queue-pair.ts';

export const NOTIFIER_TIMEOUT = Duration.seconds(60);
/** Deliveries of one callback before it is given up. */
export const NOTIFICATION_ATTEMPTS = 8;
const MEMORY_MIB = 256;
/** Callbacks under way at once: a slow receiver holds up a few others, not all. */
const CONCURRENCY = 10;

export interface NotifierProps {
  settings: FunctionSettings;
  table: JobTable;
  bucket: DataBucket;
  queues: QueuePair;
  environment: Partial<Record<EnvironmentKey, string>>;
  processes: readonly DeployedProcess[];
}

/** Calls the subscribers of jobs back, apart from the stream, which no receiver may hold up. */
export class Notifier extends Construct {
  readonly notifier: PlatformFunction;

  constructor(scope: Construct, id: string, props: NotifierProps) {
    super(scope, id);
    this.notifier = new PlatformFunction(this, 'Notifier', {
      settings: props.settings,
      entry: 'notifications',
      description: 'Longhaul: calls subscribers back',
      memoryMiB: MEMORY_MIB,
      timeout: NOTIFIER_TIMEOUT,
      environment: props.environment,
      processes: props.processes,
    });
    this.notifier.takeMessages(props.queues.queue, CONCURRENCY);
    props.table.grantRead(this.notifier);
    props.bucket.grantRead(this.notifier, 'work', 'outputs');
  }
}
