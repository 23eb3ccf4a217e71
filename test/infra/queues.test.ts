import { describe, expect, it } from 'vitest';
import { PROCESSES, resource, resources, synthesise, type Resource } from './helpers/synthesise.ts';

const template = synthesise();
const queues = resources(template, 'AWS::SQS::Queue');
const policies = resources(template, 'AWS::SQS::QueuePolicy');
const mappings = resources(template, 'AWS::Lambda::EventSourceMapping');
const DAY_SECONDS = 86_400;

const queueOf = (id: string): Resource => resource(template, 'AWS::SQS::Queue', `Queues${id.replaceAll('-', '')}Queue`);
const mappingOf = (idPrefix: string): Resource => resource(template, 'AWS::Lambda::EventSourceMapping', idPrefix);

function redrive(queue: Resource) {
  return queue.Properties['RedrivePolicy'] as
    { maxReceiveCount: number; deadLetterTargetArn: { 'Fn::GetAtt': [string, string] } } | undefined;
}

describe('every queue', () => {
  it.each(queues)('%s is encrypted', (_, { Properties }) => {
    expect(Properties['SqsManagedSseEnabled']).toBe(true);
  });

  it.each(queues)('%s refuses whoever comes without TLS', (id) => {
    const policy = policies.find(([, { Properties }]) => JSON.stringify(Properties['Queues']) === `[{"Ref":"${id}"}]`);
    expect(policy?.[1].Properties['PolicyDocument']).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]) as unknown,
    });
  });

  it.each(queues)('%s has a dead-letter queue of 14 days that keeps longer than itself, or is one', (_, queue) => {
    const target = redrive(queue)?.deadLetterTargetArn['Fn::GetAtt'][0];
    const retention = queue.Properties['MessageRetentionPeriod'] as number;
    if (target === undefined) {
      expect(retention).toBe(14 * DAY_SECONDS);
      return;
    }
    expect(retention).toBeLessThan(14 * DAY_SECONDS);
    expect(Object.fromEntries(queues)[target]?.Properties['MessageRetentionPeriod']).toBe(14 * DAY_SECONDS);
  });
});

describe('the queue of a process', () => {
  it.each([
    ['tile-maker', 6 * 300],
    ['mirror', 6 * 20],
  ])('of %s hides a message for six times the timeout of its worker', (id, seconds) => {
    expect(queueOf(id).Properties['VisibilityTimeout']).toBe(seconds);
  });

  it.each([
    ['tile-maker', 7],
    ['mirror', 5],
  ])('of %s gives a message up after %d receives: its attempts, and never fewer than five', (id, receives) => {
    expect(redrive(queueOf(id))?.maxReceiveCount).toBe(receives);
  });

  it('is its own: no two processes share a queue or a dead-letter queue', () => {
    const targets = PROCESSES.map(({ definition }) => JSON.stringify(redrive(queueOf(definition.id))));
    expect(new Set(targets).size).toBe(PROCESSES.length);
  });
});

describe('every mapping from a queue', () => {
  const fromQueues = mappings.filter(([, { Properties }]) => !('StartingPosition' in Properties));

  it.each(fromQueues)('%s delivers one message at a time, with partial failures and a bound', (_, { Properties }) => {
    expect(Properties).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    const scaling = Properties['ScalingConfig'] as { MaximumConcurrency: number };
    expect(scaling.MaximumConcurrency).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['Processtilemaker', 50],
    ['Processmirror', 4],
  ])('%s runs as many workers as the process states', (prefix, concurrency) => {
    expect(mappingOf(prefix).Properties['ScalingConfig']).toEqual({ MaximumConcurrency: concurrency });
  });

  it('takes the dead letters of every process, and only those', () => {
    const consumed = mappings.filter(([id]) => id.startsWith('DeadLetters')).map(([, { Properties }]) => Properties);
    const sources = consumed.map((properties) => JSON.stringify(properties['EventSourceArn']));
    const expected = PROCESSES.map(({ definition }) =>
      JSON.stringify(redrive(queueOf(definition.id))?.deadLetterTargetArn),
    );
    expect(sources.sort()).toEqual(expected.sort());
  });

  it.each(mappings)('%s hides a message for at least six times the timeout of its function', (_, { Properties }) => {
    const source = (Properties['EventSourceArn'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'];
    if (source[1] === 'StreamArn') return;
    const target = (Properties['FunctionName'] as { Ref: string }).Ref;
    const queue = Object.fromEntries(queues)[source[0]];
    const consumer = Object.fromEntries(resources(template, 'AWS::Lambda::Function'))[target];
    const timeout = consumer?.Properties['Timeout'] as number;
    expect(queue?.Properties['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * timeout);
  });
});

describe('the mapping from the stream', () => {
  const { Properties } = mappingOf('StreamMapping');

  it('sees the rows of jobs only, from the beginning', () => {
    expect(Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"JOB#"}]}}}}' }] },
    });
  });

  it('lets one bad record stop no other: bisected, bounded in age and attempts, kept in a queue', () => {
    expect(Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 3600,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^StreamFailures/), 'Arn'] } },
      },
    });
  });
});
