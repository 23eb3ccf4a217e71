import { Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { ALARM_PERIOD } from './runbook-alarm.ts';
import type { PlatformFunction } from './platform-function.ts';

/**
 * Counts the lines that a function logs of one event: for what is a fault although the invocation succeeds.
 * @param event the stable constant that the logger writes as the message, such as `stream.record.dead`
 */
export function countedEvent(target: PlatformFunction, event: string): Metric {
  return filteredMetric(target, event, { metricName: event, metricValue: '1', statistic: 'Sum' });
}

/** The highest value of one field of such lines. */
export function highestLogged(target: PlatformFunction, event: string, field: string): Metric {
  return filteredMetric(target, event, {
    metricName: `${event}.${field}`,
    metricValue: `$.${field}`,
    statistic: 'Maximum',
  });
}

function filteredMetric(
  target: PlatformFunction,
  event: string,
  { statistic, ...value }: { metricName: string; metricValue: string; statistic: string },
): Metric {
  const metricNamespace = `Longhaul/${Stack.of(target).stackName}`;
  new MetricFilter(target, value.metricName, {
    logGroup: target.logGroup,
    filterPattern: FilterPattern.stringValue('$.message', '=', event),
    metricNamespace,
    ...value,
  });
  return new Metric({
    namespace: metricNamespace,
    metricName: value.metricName,
    period: ALARM_PERIOD,
    statistic,
  });
}
