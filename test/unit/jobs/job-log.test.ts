import { expect, it } from 'vitest';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import { recordingLogger } from './recording-logger.ts';

const JOB = '01J00000000000000000000001';
const named = { tenant: 'acme', job: JOB };
const entered = (state: string, version: number) => [
  'info',
  'job.state.entered',
  { ...named, process: 'numbers', state, version },
];

it('a job tells its life in the log', async () => {
  const { engine, submit } = createTestEngine();
  const { logger, lines } = recordingLogger();
  engine.platform.logger = logger;
  await submit({ datasets: [{ id: 'a', units: 3 }], failing: [2] });
  await engine.runUntilIdle();
  const settled = (chunk: number, counts: object) => [
    'info',
    'job.chunk.settled',
    { ...named, shard: 0, chunk, counts, again: false },
  ];
  expect(lines).toEqual([
    ['info', 'job.accepted', { ...named, process: 'numbers' }],
    entered('accepted', 1),
    ['info', 'job.planned', named],
    entered('planning', 2),
    ['info', 'job.shard.opened', { ...named, shard: 0 }],
    entered('running', 3),
    settled(0, { done: 2, failed: 0, skipped: 0, bytes: 3 }),
    settled(1, { done: 0, failed: 1, skipped: 0, bytes: 0 }),
    ['info', 'job.shard.settled', { ...named, shard: 0, isLast: true }],
    entered('finishing', 4),
    ['info', 'job.published', { ...named, outcome: 'partial' }],
    ['info', 'job.ended', { ...named, process: 'numbers', state: 'partial', version: 5 }],
  ]);
});

it('a job says in the log who cancelled it, once', async () => {
  const { engine, submit } = createTestEngine();
  await submit({ datasets: [{ id: 'a', units: 3 }] });
  const { logger, lines } = recordingLogger();
  engine.platform.logger = logger;
  const cancel = () => cancelJob(engine.platform, { tenant: 'acme', jobId: JOB }, 'user:ann');
  await cancel();
  await cancel();
  expect(lines).toEqual([['info', 'job.cancelled', { ...named, actor: 'user:ann' }]]);
});
