import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUNBOOK_TOPICS } from '../../infra/runbook.ts';
import { PROCESSES, resource, resources, synthesise } from './helpers/synthesise.ts';

const template = synthesise({ alarmEmail: 'duty@example.org', runbookUrl: 'https://wiki.example.org/runbook' });
const alarms = resources(template, 'AWS::CloudWatch::Alarm');
const composites = resources(template, 'AWS::CloudWatch::CompositeAlarm');
const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');

const topicOf = (description: unknown): string | undefined =>
  /Runbook: https:\/\/wiki\.example\.org\/runbook#([a-z-]+)$/.exec(String(description))?.[1];
const alarmOf = (idPrefix: string) => resource(template, 'AWS::CloudWatch::Alarm', idPrefix).Properties;

describe('the alarms', () => {
  it.each([...alarms, ...composites])('%s links to a section of the runbook', (_, { Properties }) => {
    expect(RUNBOOK_TOPICS).toContain(topicOf(Properties['AlarmDescription']));
  });

  it('use every section of the runbook, and the runbook has no other', () => {
    const used = new Set(
      [...alarms, ...composites].map(([, { Properties }]) => topicOf(Properties['AlarmDescription'])),
    );
    const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect([...used].sort()).toEqual([...RUNBOOK_TOPICS].sort());
    expect(sections.sort()).toEqual([...RUNBOOK_TOPICS].sort());
  });

  it('have no tenant, host or job as a dimension', () => {
    const names = new Set(
      alarms.flatMap(([, { Properties }]) =>
        ((Properties['Dimensions'] ?? []) as { Name: string }[]).map(({ Name }) => Name),
      ),
    );
    expect([...names].sort()).toEqual(['ApiId', 'FunctionName', 'QueueName', 'TableName']);
  });

  it('stay silent themselves: one composite alarm for each process and one for the platform speak', () => {
    for (const [, { Properties }] of alarms) expect(Properties).not.toHaveProperty('AlarmActions');
    expect(composites).toHaveLength(PROCESSES.length + 1);
    for (const [, { Properties }] of composites) {
      expect(Properties['AlarmActions']).toEqual([{ Ref: expect.stringMatching(/^AlarmsTopic/) as string }]);
      expect(Properties['OKActions']).toEqual(Properties['AlarmActions']);
    }
  });

  it('are each spoken for by one composite alarm', () => {
    const rules = JSON.stringify(composites.map(([, { Properties }]) => Properties['AlarmRule']));
    for (const [id] of alarms) expect(rules.split(`"${id}"`)).toHaveLength(2);
  });
});

describe('the alarms of a process', () => {
  it('go off at the first dead letter, although its consumer takes it at once', () => {
    const first = resources(template, 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => topicOf(Properties['AlarmDescription']) === 'process-dead-letter',
    );
    expect(first).toHaveLength(PROCESSES.length);
    for (const [, { Properties }] of first)
      expect(Properties).toMatchObject({
        MetricName: 'NumberOfMessagesReceived',
        Statistic: 'Sum',
        Threshold: 1,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
  });

  it('go off when a message is older than one lost delivery and the longest back-off explain', () => {
    expect(alarmOf('AlarmstilemakerQueueAge')).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 6 * 300 + 900,
    });
  });

  it('go off when workers die as often as one chunk has attempts', () => {
    expect(alarmOf('AlarmstilemakerErrors')).toMatchObject({ MetricName: 'Errors', Threshold: 7 });
  });

  it('go off when workers are refused for minutes', () => {
    expect(alarmOf('AlarmstilemakerThrottles')).toMatchObject({ MetricName: 'Throttles', EvaluationPeriods: 3 });
  });
});

describe('the alarms of the platform', () => {
  it('take a silent sweeper for a fault', () => {
    expect(alarmOf('PlatformAlarmssweepersilent')).toMatchObject({
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('take a job that is due for ten minutes for a fault, by what sweeps log', () => {
    expect(resource(template, 'AWS::Logs::MetricFilter', 'SweepSweepersweepdonelateSeconds').Properties).toMatchObject({
      FilterPattern: '{ $.message = "sweep.done" }',
      MetricTransformations: [{ MetricName: 'sweep.done.lateSeconds', MetricValue: '$.lateSeconds' }],
    });
    expect(alarmOf('PlatformAlarmssweeperbehind')).toMatchObject({
      Statistic: 'Maximum',
      Threshold: 600,
      EvaluationPeriods: 3,
    });
  });

  it('watch what the bucket tells: given up, failing, and waiting', () => {
    expect(alarmOf('PlatformAlarmsuploaddeadletter')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
    });
    expect(alarmOf('PlatformAlarmsuploadconsumererrors')).toMatchObject({ MetricName: 'Errors', Threshold: 5 });
    expect(alarmOf('PlatformAlarmsuploadqueueage')).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 600,
    });
  });

  it('watch the age of the stream', () => {
    expect(alarmOf('PlatformAlarmsstreambehind')).toMatchObject({ MetricName: 'IteratorAge', Threshold: 60_000 });
  });
});

describe('events that are faults although the function succeeds', () => {
  const filters = resources(template, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);

  it.each([
    ['stream.record.dead', /^StreamConsumerLogs/],
    ['sweep.job.failed', /^SweepSweeperLogs/],
  ])('counts %s and alarms on it', (event, logs) => {
    const filter = filters.find(({ FilterPattern }) => FilterPattern === `{ $.message = "${event}" }`);
    expect(filter).toMatchObject({
      LogGroupName: { Ref: expect.stringMatching(logs) as string },
      MetricTransformations: [{ MetricNamespace: 'Longhaul/Longhaul', MetricName: event, MetricValue: '1' }],
    });
    expect(alarms.map(([, { Properties }]) => Properties['MetricName'])).toContain(event);
  });

  it.each(['stream.record.dead', 'sweep.job.failed'])('%s is what the engine logs', (event) => {
    const handlers = ['handle-stream-record.ts', 'sweep.ts'].map((file) =>
      readFileSync(new URL(`../../shared/jobs/handlers/${file}`, import.meta.url), 'utf8'),
    );
    expect(handlers.join()).toContain(`'${event}'`);
  });
});

describe('the alarm topic', () => {
  it('takes messages from alarms of this account, by TLS only', () => {
    const policy = JSON.stringify(resource(template, 'AWS::SNS::TopicPolicy').Properties);
    expect(policy).toContain('"Service":"cloudwatch.amazonaws.com"');
    expect(policy).toContain('"aws:SourceArn"');
    expect(policy).toContain('"aws:SecureTransport":"false"');
  });

  it('has the address of the configuration as its subscriber', () => {
    expect(resource(template, 'AWS::SNS::Subscription').Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'duty@example.org',
    });
  });

  it('is not made when one that exists is named', () => {
    const arn = 'arn:aws:sns:eu-west-1:123456789012:duty';
    const other = synthesise({ alarmTopicArn: arn });
    other.resourceCountIs('AWS::SNS::Topic', 0);
    expect(resources(other, 'AWS::CloudWatch::CompositeAlarm')[0]?.[1].Properties['AlarmActions']).toEqual([arn]);
  });
});

describe('the dashboard', () => {
  const body = JSON.stringify(resource(template, 'AWS::CloudWatch::Dashboard').Properties['DashboardBody']);

  it.each(PROCESSES.map(({ definition }) => [definition.id, definition.title]))('has a row for %s', (id, title) => {
    expect(body).toContain(`## ${title} (${id})`);
  });

  it('has a row for uploads', () => {
    expect(body).toContain('## Uploads');
  });
});
