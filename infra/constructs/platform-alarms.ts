import { Duration } from 'aws-cdk-lib';
import { Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { RunbookTopic } from '../runbook.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { countedEvent, highestLogged } from './counted-event.ts';
import type { DeadLetterConsumer } from './dead-letter-consumer.ts';
import type { HttpApi } from './http-api.ts';
import type { JobTable } from './job-table.ts';
import type { PlatformFunction } from './platform-function.ts';
import type { QueuePair } from './queue-pair.ts';
import { ALARM_PERIOD, RunbookAlarm, waitingMessages } from './runbook-alarm.ts';
import type { StreamConsumer } from './stream-consumer.ts';
import type { Sweeper } from './sweeper.ts';
import { UPLOAD_EVENT_ATTEMPTS, type UploadConsumer } from './upload-consumer.ts';

const ERROR_PERIOD = Duration.minutes(5);
const FAILED_REQUESTS = 5;
/** Effects later than this are felt: a job stands still for so long after each change. */
const STREAM_LAG = Duration.minutes(1);
/** Periods in a row, for what heals by itself in one or two. */
const LASTING_PERIODS = 3;
const SILENT_SWEEPS_PERIOD = Duration.minutes(5);
const FAILED_SWEEPS = 3;
/** Logged by `shared/jobs/handlers`. */
const RECORD_PUT_ASIDE = 'stream.record.dead';
const JOB_NOT_SWEPT = 'sweep.job.failed';
const SWEEP_DONE = 'sweep.done';
/** Every active job is in the index of due times: one that is due for so long is one that nobody looks after. */
const SWEEP_LAG = Duration.minutes(10);
/** Longer than one lost delivery explains. */
const UPLOAD_LAG = Duration.minutes(10);

export interface PlatformAlarmsProps {
  api: HttpApi;
  authorizer: PlatformFunction;
  stream: StreamConsumer;
  sweeper: Sweeper;
  deadLetters: DeadLetterConsumer;
  notifications: QueuePair;
  uploads: QueuePair;
  uploadConsumer: UploadConsumer;
  table: JobTable;
  alarmTopic: AlarmTopic;
}

/** What can go wrong with the parts that all processes share, and one alarm that speaks for them. */
export class PlatformAlarms extends Construct {
  private readonly runbookUrl: string;

  constructor(scope: Construct, id: string, props: PlatformAlarmsProps) {
    super(scope, id);
    this.runbookUrl = props.alarmTopic.runbookUrl;
    const sweeperFunction = props.sweeper.sweeper.function;
    const failedRequests = props.api.api.metricServerError({ period: ERROR_PERIOD, statistic: 'Sum' });
    const lag = props.stream.consumer.function.metric('IteratorAge', { period: ALARM_PERIOD, statistic: 'Maximum' });
    const sweeps = sweeperFunction.metricInvocations({ period: SILENT_SWEEPS_PERIOD, statistic: 'Sum' });
    const recordsPutAside = countedEvent(props.stream.consumer, RECORD_PUT_ASIDE);
    const jobsNotSwept = countedEvent(props.sweeper.sweeper, JOB_NOT_SWEPT);
    const sweepLag = highestLogged(props.sweeper.sweeper, SWEEP_DONE, 'lateSeconds');
    const alarms = [
      this.alarm('api-errors', 'The API answers 5xx.', failedRequests, { threshold: FAILED_REQUESTS }),
      this.alarm('authorizer-errors', 'The authorizer fails: callers are refused.', errors(props.authorizer), {}),
      this.alarm('stream-behind', 'Changes of jobs take effect late.', lag, {
        threshold: STREAM_LAG.toMilliseconds(),
        periods: LASTING_PERIODS,
      }),
      this.alarm('stream-dead-letter', 'A change of a job had no effect.', waitingMessages(props.stream.failures), {}),
      this.alarm('stream-record-dead', 'A change of a job cannot be read.', recordsPutAside, {}),
      this.alarm('sweeper-silent', 'No sweep has run.', sweeps, { threshold: 1, lessThan: true, missingIsFault: true }),
      this.alarm('sweeper-errors', 'Sweeps fail.', errors(props.sweeper.sweeper), { threshold: FAILED_SWEEPS }),
      this.alarm('sweep-job-failed', 'A job cannot be healed.', jobsNotSwept, { periods: LASTING_PERIODS }),
      this.alarm('sweeper-behind', 'Active jobs are not looked after.', sweepLag, {
        threshold: SWEEP_LAG.toSeconds(),
        periods: LASTING_PERIODS,
      }),
      this.alarm('sweeper-dead-letter', 'A sweep could not be started.', waitingMessages(props.sweeper.failures), {}),
      this.alarm(
        'dead-letter-consumer-errors',
        'Dead letters are not settled.',
        errors(props.deadLetters.consumer),
        {},
      ),
      this.alarm(
        'notification-dead-letter',
        'A subscriber was not called back.',
        waitingMessages(props.notifications.deadLetterQueue),
        {},
      ),
      this.alarm(
        'upload-dead-letter',
        'An event of the bucket was given up.',
        waitingMessages(props.uploads.deadLetterQueue),
        {},
      ),
      this.alarm('upload-consumer-errors', 'Events of the bucket fail.', errors(props.uploadConsumer.consumer), {
        threshold: UPLOAD_EVENT_ATTEMPTS,
      }),
      this.alarm('upload-queue-age', 'Uploads wait to be pinned.', oldestMessage(props.uploads), {
        threshold: UPLOAD_LAG.toSeconds(),
        periods: LASTING_PERIODS,
      }),
      this.alarm('table-write-throttles', 'The job table refuses writes.', throttles(props.table, 'Write'), {
        periods: LASTING_PERIODS,
      }),
      this.alarm('table-read-throttles', 'The job table refuses reads.', throttles(props.table, 'Read'), {
        periods: LASTING_PERIODS,
      }),
    ];
    props.alarmTopic.notifyOnAny('Platform', 'The platform needs attention.', 'platform-needs-attention', alarms);
  }

  private alarm(
    topic: RunbookTopic,
    summary: string,
    metric: IMetric,
    options: { threshold?: number; periods?: number; lessThan?: boolean; missingIsFault?: boolean },
  ): RunbookAlarm {
    return new RunbookAlarm(this, topic, {
      metric,
      threshold: 1,
      ...options,
      summary,
      topic,
      runbookUrl: this.runbookUrl,
    });
  }
}

function errors(target: PlatformFunction): Metric {
  return target.function.metricErrors({ period: ERROR_PERIOD, statistic: 'Sum' });
}

function oldestMessage({ queue }: QueuePair): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: 'Maximum' });
}

function throttles({ table }: JobTable, kind: 'Read' | 'Write'): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName: `${kind}ThrottleEvents`,
    dimensionsMap: { TableName: table.tableName },
    period: ALARM_PERIOD,
    statistic: 'Sum',
  });
}
