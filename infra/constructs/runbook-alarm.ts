import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
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
 * Messages that came into a dead-letter queue. Those that SQS moves itself are not in its count of messages sent, and
 * a consumer takes them before anyone can see them lie there: so it is what was received, and what still lies there.
 */
export function deadLetterMetric(queue: IQueue): MathExpression {
  return new MathExpression({
    expression: 'FILL(received, 0) + FILL(visible, 0)',
    label: 'dead letters',
    period: ALARM_PERIOD,
    usingMetrics: {
      received: queue.metricNumberOfMessagesReceived({ period: ALARM_PERIOD, statistic: 'Sum' }),
      visible: queue.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' }),
    },
  });
}
