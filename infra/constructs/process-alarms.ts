import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { MAX_DELAY_SECONDS } from '../../shared/jobs/ports/queue.ts';
import type { DeployedProcess } from '../deployed-processes.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { PlatformFunction } from './platform-function.ts';
import { visibilityTimeout, type QueuePair } from './queue-pair.ts';
import { ALARM_PERIOD, RunbookAlarm, consumedDeadLetters, waitingMessages } from './runbook-alarm.ts';

const ERROR_PERIOD = Duration.minutes(5);
/** Minutes in a row: a moment of throttling is what the queue is for. */
const THROTTLED_PERIODS = 3;
const UNCONSUMED_PERIODS = 15;

export interface ProcessAlarmsProps {
  process: DeployedProcess;
  queues: QueuePair;
  worker: PlatformFunction;
  alarmTopic: AlarmTopic;
}

/** What can go wrong with one process: five alarms, and one that speaks for them. */
export class ProcessAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ProcessAlarmsProps) {
    super(scope, id);
    const { queues, worker, alarmTopic } = props;
    const { runbookUrl } = alarmTopic;
    const name = props.process.definition.id;
    const alarms = [
      new RunbookAlarm(this, 'DeadLetter', {
        metric: consumedDeadLetters(queues.deadLetterQueue),
        threshold: 1,
        summary: `A message of ${name} was given up.`,
        topic: 'process-dead-letter',
        runbookUrl,
      }),
      new RunbookAlarm(this, 'DeadLettersWait', {
        metric: waitingMessages(queues.deadLetterQueue),
        threshold: 1,
        periods: UNCONSUMED_PERIODS,
        summary: `Dead letters of ${name} are not consumed: their jobs do not end.`,
        topic: 'process-dead-letters-wait',
        runbookUrl,
      }),
      new RunbookAlarm(this, 'QueueAge', {
        metric: queues.queue.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: 'Maximum' }),
        threshold: oldestAgeSeconds(props.process),
        summary: `A message of ${name} has waited longer than any retry explains.`,
        topic: 'process-queue-age',
        runbookUrl,
      }),
      new RunbookAlarm(this, 'Errors', {
        metric: worker.function.metricErrors({ period: ERROR_PERIOD, statistic: 'Sum' }),
        threshold: props.process.limits.attempts,
        summary: `Workers of ${name} died or timed out as often as one chunk has attempts.`,
        topic: 'process-errors',
        runbookUrl,
      }),
      new RunbookAlarm(this, 'Throttles', {
        metric: worker.function.metricThrottles({ period: ALARM_PERIOD, statistic: 'Sum' }),
        threshold: 1,
        periods: THROTTLED_PERIODS,
        summary: `Workers of ${name} are refused: the account has no concurrency left.`,
        topic: 'process-throttles',
        runbookUrl,
      }),
    ];
    const summary = `${name} needs attention.`;
    alarmTopic.notifyOnAny(`Process-${name}`, summary, 'process-needs-attention', alarms);
  }
}

/** One delivery that died unseen, and the longest back-off behind it. */
function oldestAgeSeconds({ limits }: DeployedProcess): number {
  return visibilityTimeout(Duration.seconds(limits.timeoutSeconds)).toSeconds() + MAX_DELAY_SECONDS;
}
