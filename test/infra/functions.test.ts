import { describe, expect, it } from 'vitest';
import { MAX_ENVIRONMENT_BYTES, environmentBytes } from '../../infra/environment-size.ts';
import { resource, resources, synthesise, type Resource } from './helpers/synthesise.ts';

const template = synthesise();
const functions = resources(template, 'AWS::Lambda::Function');
const logGroups = Object.fromEntries(resources(template, 'AWS::Logs::LogGroup'));
const policies = resources(template, 'AWS::IAM::Policy');

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

function statements(policy: Resource): Statement[] {
  return (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement;
}

const allStatements = policies.flatMap(([id, policy]) =>
  statements(policy).map((statement): [string, Statement] => [id, statement]),
);
const actions = (statement: Statement): string[] => [statement.Action].flat();
const statementsOf = (idPrefix: string): Statement[] => statements(resource(template, 'AWS::IAM::Policy', idPrefix));
const prefixesOf = (idPrefix: string, action: string): string[] =>
  statementsOf(idPrefix)
    .filter((statement) => actions(statement).includes(action))
    .flatMap((statement) => JSON.stringify(statement.Resource).match(/\/[a-z-]+\/\*/g) ?? [])
    .sort();

describe('every function', () => {
  it('has a role of its own', () => {
    const roles = functions.map(([, { Properties }]) => JSON.stringify(Properties['Role']));
    expect(new Set(roles).size).toBe(functions.length);
  });

  it.each(functions)('%s has a log group of its own with retention, in JSON', (_, { Properties }) => {
    const logging = Properties['LoggingConfig'] as { LogFormat: string; LogGroup: { Ref: string } };
    expect(logging.LogFormat).toBe('JSON');
    const users = functions.filter(
      ([, other]) => JSON.stringify(other.Properties['LoggingConfig']) === JSON.stringify(logging),
    );
    expect(users).toHaveLength(1);
    expect(logGroups[logging.LogGroup.Ref]).toMatchObject({
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
    });
  });

  it.each(functions)('%s runs Node 24 on arm64, traced', (_, { Properties }) => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  });

  it.each(functions)('%s states its memory and its timeout', (_, { Properties }) => {
    expect(Properties['MemorySize']).toBeGreaterThanOrEqual(128);
    expect(Properties['Timeout']).toBeGreaterThan(0);
  });

  it.each(functions)('%s has an environment that fits, with room for ten more processes', (_, { Properties }) => {
    const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
    expect(environmentBytes(Variables)).toBeLessThan(MAX_ENVIRONMENT_BYTES - 10 * 240);
  });
});

describe('a worker', () => {
  it('has the memory and the timeout of its process', () => {
    const worker = resource(template, 'AWS::Lambda::Function', 'Processtilemaker');
    expect(worker.Properties).toMatchObject({ MemorySize: 1769, Timeout: 300 });
  });

  it('keeps little memory for later', () => {
    const worker = resource(template, 'AWS::Lambda::Function', 'Processtilemaker');
    expect(worker.Properties['Environment']).toMatchObject({
      Variables: {
        NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=4',
        MALLOC_ARENA_MAX: '2',
        MALLOC_MMAP_THRESHOLD_: '2097152',
      },
    });
  });

  it('knows the queues of its own process only', () => {
    const worker = resource(template, 'AWS::Lambda::Function', 'Processmirror');
    const { Variables } = worker.Properties['Environment'] as { Variables: Record<string, unknown> };
    expect(JSON.stringify(Variables['QUEUE_URLS'])).toContain('mirror');
    expect(JSON.stringify(Variables['QUEUE_URLS'])).not.toContain('tile-maker');
  });

  it('reads sources and writes work and outputs, and nothing else of the bucket', () => {
    const read = ['/incoming/*', '/outputs/*', '/sources/*', '/uploads/*', '/work/*'];
    expect(prefixesOf('Processmirror', 's3:GetObject')).toEqual(read);
    expect(prefixesOf('Processmirror', 's3:GetObjectVersion')).toEqual(['/incoming/*', '/uploads/*']);
    expect(prefixesOf('Processmirror', 's3:PutObject')).toEqual(['/outputs/*', '/work/*']);
  });

  it('sends to its own queue and dead-letter queue, and to no other', () => {
    const sends = statementsOf('Processmirror').filter((statement) => actions(statement).includes('sqs:SendMessage'));
    expect(JSON.stringify(sends)).not.toContain('tilemaker');
    expect(sends).toHaveLength(2);
  });
});

describe('the shared functions', () => {
  it.each(['Stream', 'Notify', 'Sweep', 'DeadLetters', 'ApiFunction', 'UploadEvents'])(
    '%s writes no output',
    (prefix) => {
      const writers = policies.filter(([id]) => id.startsWith(prefix)).flatMap(([, policy]) => statements(policy));
      const outputs = writers.filter((statement) => actions(statement).includes('s3:PutObject'));
      expect(JSON.stringify(outputs)).not.toContain('/outputs/');
    },
  );

  it('only the sweeper deletes objects, and outputs alone', () => {
    const deleters = allStatements.filter(([, statement]) => actions(statement).includes('s3:DeleteObject'));
    expect(deleters.map(([id]) => id)).toEqual([expect.stringMatching(/^SweepSweeper/)]);
    expect(JSON.stringify(deleters.map(([, { Resource }]) => Resource))).toContain('/outputs/*');
  });

  it('only those that uploads go through delete versions, and of uploads alone', () => {
    const deleters = allStatements.filter(([, statement]) => actions(statement).includes('s3:DeleteObjectVersion'));
    expect(deleters.map(([id]) => id.replace(/RoleDefault.*/, '')).sort()).toEqual(
      ['ApiFunction', 'SweepSweeper', 'UploadEventsConsumer'].sort(),
    );
    for (const prefix of ['ApiFunction', 'SweepSweeper', 'UploadEvents']) {
      expect(prefixesOf(prefix, 's3:DeleteObjectVersion')).toEqual(['/incoming/*', '/uploads/*']);
    }
  });

  it('what addresses are signed with may put uploads and work, and nothing else', () => {
    expect(prefixesOf('ApiFunction', 's3:PutObject')).toEqual(['/uploads/*', '/work/*']);
    expect(prefixesOf('UploadEvents', 's3:PutObject')).toEqual(['/work/*']);
  });

  it('the authorizer reads tokens one at a time, and nothing else', () => {
    const table = statementsOf('AuthorizerFunction').filter((statement) => /dynamodb/.test(actions(statement).join()));
    expect(table).toMatchObject([
      { Action: 'dynamodb:GetItem', Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TOKEN#*'] } } },
    ]);
  });

  it('only the sweeper reads the index of active jobs, and that one by name', () => {
    const readers = allStatements.filter(([, statement]) => JSON.stringify(statement.Resource).includes('/index/'));
    expect(readers.map(([id]) => id)).toEqual([expect.stringMatching(/^SweepSweeper/)]);
    expect(JSON.stringify(readers)).toContain('/index/active');
  });
});

/** What each role may do, besides its own logs and traces: a change here is a decision. */
const CONSUME = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];
const SEND = ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'];
const TABLE_READ = ['dynamodb:GetItem', 'dynamodb:Query'];
const TABLE_WRITE = ['dynamodb:ConditionCheckItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const STREAM_READ = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
const OBJECT_READ = ['s3:GetObject', 's3:ListBucket'];
const OBJECT_DELETE = ['s3:DeleteObject', 's3:ListBucket'];
const VERSION_READ = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'];
const VERSION_DELETE = ['s3:DeleteObjectVersion'];
const UPLOAD_JOIN = ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'];
const OBJECT_WRITE = ['s3:AbortMultipartUpload', 's3:PutObject'];

describe('the permissions', () => {
  it.each([
    ['Processmirror', [CONSUME, SEND, TABLE_READ, TABLE_WRITE, OBJECT_READ, OBJECT_WRITE, VERSION_READ]],
    ['Stream', [STREAM_READ, SEND, TABLE_READ, TABLE_WRITE, OBJECT_WRITE]],
    [
      'SweepSweeper',
      [SEND, TABLE_READ, TABLE_WRITE, OBJECT_DELETE, OBJECT_WRITE, VERSION_READ, VERSION_DELETE, UPLOAD_JOIN],
    ],
    ['UploadEvents', [CONSUME, TABLE_READ, TABLE_WRITE, OBJECT_READ, OBJECT_WRITE, VERSION_READ, VERSION_DELETE]],
    ['SweepSchedule', [SEND, ['lambda:InvokeFunction']]],
    ['DeadLetters', [CONSUME, TABLE_READ, TABLE_WRITE, OBJECT_READ, OBJECT_WRITE]],
    ['Notify', [CONSUME, TABLE_READ, OBJECT_READ]],
    [
      'ApiFunction',
      [
        ...[['sqs:GetQueueAttributes'], TABLE_READ, TABLE_WRITE, ['dynamodb:DeleteItem'], OBJECT_READ, OBJECT_WRITE],
        ...[VERSION_READ, VERSION_DELETE, UPLOAD_JOIN],
      ],
    ],
    ['AuthorizerFunction', [['dynamodb:GetItem']]],
  ])('of %s are what its code calls', (prefix, expected) => {
    const granted = statementsOf(prefix)
      .flatMap(actions)
      .filter((action) => !/^(logs|xray):/.test(action));
    expect([...new Set(granted)].sort()).toEqual([...new Set(expected.flat())].sort());
  });

  it('of the API to delete reach the answers to repeated requests only', () => {
    const deletes = allStatements.filter(([, statement]) => actions(statement).includes('dynamodb:DeleteItem'));
    expect(JSON.stringify(deletes.map(([, statement]) => statement.Resource))).toMatch(
      /^\[\{"Fn::GetAtt":\["IdempotencyTable\w+","Arn"\]\}\]$/,
    );
  });
});

describe('every policy', () => {
  it.each(allStatements)('%s names its actions', (_, statement) => {
    expect(actions(statement).filter((action) => action.includes('*'))).toEqual([]);
  });

  it.each(allStatements)('%s has no wildcard but that of X-Ray and the keys under a prefix', (_, statement) => {
    if (actions(statement).every((action) => action.startsWith('xray:'))) return;
    const wildcards = JSON.stringify(statement.Resource).match(/[^"]*\*[^"]*/g) ?? [];
    expect(
      wildcards.filter((wildcard) => !/^\/(work|outputs|sources|dead-letters|uploads|incoming)\/\*$/.test(wildcard)),
    ).toEqual([]);
  });

  it('comes with no managed policy', () => {
    for (const [, role] of resources(template, 'AWS::IAM::Role'))
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  });
});

describe('the schedule of the sweeper', () => {
  const schedule = resource(template, 'AWS::Scheduler::Schedule');
  const sweeper = resource(template, 'AWS::Lambda::Function', 'SweepSweeper');

  it('starts it every minute, with a dead-letter queue and no late start', () => {
    expect(schedule.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Target: {
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^SweepFailures/), 'Arn'] } },
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      },
    });
  });

  it('lets a sweep end before the next one begins', () => {
    expect(sweeper.Properties['Timeout']).toBeLessThan(60);
  });

  it('has a role of its own that may start nothing else', () => {
    const invoke = statementsOf('SweepScheduleRole').filter((statement) => /lambda/.test(actions(statement).join()));
    const invoked = new Set(JSON.stringify(invoke).match(/SweepSweeperFunction\w+/g));
    expect(invoke).toHaveLength(1);
    expect(invoked.size).toBe(1);
  });

  it('keeps sweeps that failed', () => {
    expect(resource(template, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^SweepFailures/), 'Arn'] } },
      },
    });
  });
});
