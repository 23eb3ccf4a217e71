import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmDescription, type RunbookTopic } from '../runbook.ts';

export const ALARM_PERIOD = Duration.minutes(1);

export interface RunbookAlarmProps {
  metric: IMetric;
  /** The alarm is on while the metric is at or above this value; below it, for `lessThan`. */
  threshold: number;
  lessThan?: boolean;
  /** Periods of the metric that must be beyond the threshold, one after another. */
  periods?: number;
  /** Silence is a fault. */
  missingIsFault?: boolean;
  /** One sentence: what is wrong. */
  summary: string;
  topic: RunbookTopic;
  runbookUrl: string;
}

/** An alarm whose description says what is wrong and where to read what to do. */
export class RunbookAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id, {
      metric: props.metric,
      threshold: props.threshold,
      evaluationPeriods: props.periods ?? 1,
      comparisonOperator: props.lessThan
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: props.missingIsFault ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: alarmDescription(props.summary, props.runbookUrl, props.topic),
    });
  }
}

/**
 * Messages that came into a dead-letter queue that a function consumes. SQS does not count those that it moves itself
 * as sent, and the consumer takes them before anyone can see them lie there: what tells is that they were received.
 */
export function consumedDeadLetters(queue: IQueue): Metric {
  return queue.metricNumberOfMessagesReceived({ period: ALARM_PERIOD, statistic: 'Sum' });
}

/** Messages that lie in a queue. */
export function waitingMessages(queue: IQueue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' });
}
