import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EnvironmentKey } from '../../shared/config/environment.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import type { DataBucket } from './data-bucket.ts';
import type { JobTable } from './job-table.ts';
import { PlatformFunction, type FunctionSettings } from './platform-function.ts';
import type { QueuePair } from './queue-pair.ts';
import type { SourceBuckets } from './source-buckets.ts';

export interface ProcessWorkerProps {
  process: DeployedProcess;
  settings: FunctionSettings;
  queues: QueuePair;
  table: JobTable;
  bucket: DataBucket;
  sourceBuckets: SourceBuckets;
  environment: Partial<Record<EnvironmentKey, string>>;
}

/** The function of one process, fed by the queue of that process alone: it plans, runs chunks, and finishes. */
export class ProcessWorker extends Construct {
  readonly worker: PlatformFunction;

  constructor(scope: Construct, id: string, props: ProcessWorkerProps) {
    super(scope, id);
    const { definition, limits } = props.process;
    this.worker = new PlatformFunction(this, 'Worker', {
      settings: props.settings,
      entry: 'worker',
      description: `Longhaul: plans, runs and finishes ${definition.id}`,
      memoryMiB: limits.memoryMiB,
      timeout: Duration.seconds(limits.timeoutSeconds),
      environment: props.environment,
      processes: [props.process],
      runsProcesses: true,
    });
    this.worker.takeMessages(props.queues.queue, limits.concurrency);
    props.table.grantReadWrite(this.worker);
    props.bucket.grantRead(this.worker, 'sources', 'work', 'outputs');
    props.bucket.grantReadVersions(this.worker);
    props.bucket.grantWrite(this.worker, 'work', 'outputs');
    props.sourceBuckets.grantRead(this.worker);
    props.queues.queue.grantSendMessages(this.worker);
    props.queues.deadLetterQueue.grantSendMessages(this.worker);
  }
}
