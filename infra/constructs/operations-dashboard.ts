import { Dashboard, GraphWidget, TextWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { HttpApi } from './http-api.ts';
import type { PlatformFunction } from './platform-function.ts';
import type { QueuePair } from './queue-pair.ts';
import { ALARM_PERIOD } from './runbook-alarm.ts';

/** A row of a dashboard has 24 columns. */
const WIDTH = 6;
const HEIGHT = 5;
const HEADING_HEIGHT = 1;
const FULL_WIDTH = 24;

export interface DashboardProcess {
  id: string;
  title: string;
  queues: QueuePair;
  worker: PlatformFunction;
}

export interface OperationsDashboardProps {
  processes: readonly DashboardProcess[];
  api: HttpApi;
  stream: PlatformFunction;
  sweeper: PlatformFunction;
  deadLetters: PlatformFunction;
  uploads: Pick<DashboardProcess, 'queues' | 'worker'>;
}

/** One page for whoever is on duty: the shared parts, then one row for each process. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard');
    dashboard.addWidgets(...platformRow(props));
    dashboard.addWidgets(heading('## Uploads'));
    dashboard.addWidgets(...processRow(props.uploads));
    for (const process of props.processes) {
      dashboard.addWidgets(heading(`## ${process.title} (${process.id})`));
      dashboard.addWidgets(...processRow(process));
    }
  }
}

function platformRow({ api, stream, sweeper, deadLetters }: OperationsDashboardProps): IWidget[] {
  const sum = { period: ALARM_PERIOD, statistic: 'Sum' };
  return [
    graph('API requests', [api.api.metricCount(sum), api.api.metricClientError(sum), api.api.metricServerError(sum)]),
    graph('API latency (ms)', [
      api.api.metricLatency({ period: ALARM_PERIOD, statistic: 'p50' }),
      api.api.metricLatency({ period: ALARM_PERIOD, statistic: 'p99' }),
    ]),
    graph('Stream lag (ms)', [stream.function.metric('IteratorAge', { period: ALARM_PERIOD, statistic: 'Maximum' })]),
    graph('Errors of the shared functions', [
      stream.function.metricErrors({ ...sum, label: 'stream' }),
      sweeper.function.metricErrors({ ...sum, label: 'sweeper' }),
      deadLetters.function.metricErrors({ ...sum, label: 'dead letters' }),
    ]),
  ];
}

function processRow({ queues, worker }: Pick<DashboardProcess, 'queues' | 'worker'>): IWidget[] {
  const sum = { period: ALARM_PERIOD, statistic: 'Sum' };
  const maximum = { period: ALARM_PERIOD, statistic: 'Maximum' };
  return [
    graph('Messages', [
      queues.queue.metricNumberOfMessagesSent({ ...sum, label: 'sent' }),
      queues.queue.metricNumberOfMessagesDeleted({ ...sum, label: 'done' }),
      queues.queue.metricApproximateNumberOfMessagesVisible({ ...maximum, label: 'waiting' }),
      queues.queue.metricApproximateNumberOfMessagesNotVisible({ ...maximum, label: 'in work' }),
    ]),
    graph('Oldest message (s)', [queues.queue.metricApproximateAgeOfOldestMessage(maximum)]),
    graph('Worker time (ms)', [
      worker.function.metricDuration({ period: ALARM_PERIOD, statistic: 'p50' }),
      worker.function.metricDuration({ period: ALARM_PERIOD, statistic: 'p99' }),
    ]),
    graph('Faults', [
      worker.function.metricErrors({ ...sum, label: 'errors' }),
      worker.function.metricThrottles({ ...sum, label: 'throttles' }),
      queues.deadLetterQueue.metricNumberOfMessagesReceived({ ...sum, label: 'dead letters' }),
    ]),
  ];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: WIDTH, height: HEIGHT });
}

function heading(markdown: string): TextWidget {
  return new TextWidget({ markdown, width: FULL_WIDTH, height: HEADING_HEIGHT });
}
