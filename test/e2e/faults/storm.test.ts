import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { printFigures } from '../../helpers/print-figures.ts';
import { FAULT_KINDS } from '../helpers/fault-proxy.ts';
import { hasStack, testStack, type TestStack } from '../helpers/stack.ts';
import { runStorm, type StormReport } from './run-storm.ts';

/** Another one is given as LONGHAUL_STORM_SEED; it chooses the victims, the pauses, the tenants and the faults. */
const SEED = z.coerce
  .number()
  .int()
  .parse(process.env['LONGHAUL_STORM_SEED'] ?? 20_261_122);
/** Bounds what hangs: the storm takes five minutes. */
const LIMIT_MS = 25 * 60_000;

describe.runIf(hasStack)('the deployed stack in a storm', () => {
  let stack: TestStack;
  let storm: StormReport;

  const violations = (...invariants: string[]) =>
    storm.violations.filter(({ invariant }) => invariants.includes(invariant));

  beforeAll(async () => {
    stack = await testStack();
    storm = await runStorm(stack, SEED);
  }, LIMIT_MS);

  afterAll(() => {
    stack.clients.destroy();
    printFigures(...describeStorm(storm));
  });

  it('is under the load and the faults that it was meant to be under', () => {
    expect(storm.jobs).toBeGreaterThanOrEqual(200);
    expect(storm.tenants).toBeGreaterThanOrEqual(20);
    expect(storm.chunks).toBeGreaterThanOrEqual(2000);
    expect(storm.kills).toBeGreaterThanOrEqual(30);
    for (const kind of FAULT_KINDS) expect(storm.fired[kind]).toBeGreaterThan(0);
  });

  it('ends every job that it accepted, succeeded, by legal steps', () => {
    expect(violations('ends', 'path')).toEqual([]);
  });

  it('counts every unit of every job once', () => {
    expect(violations('counts')).toEqual([]);
  });

  it('publishes what an undisturbed run publishes, once', () => {
    expect(violations('content', 'published-once')).toEqual([]);
  });

  it('makes one job of a submission, however often it was sent', () => {
    expect(violations('submitted-once')).toEqual([]);
  });

  it('finds the chunks, the plan and the end whose messages were lost, and says so', () => {
    expect(storm.healed).toMatchObject({
      'chunks-lost': expect.any(Number) as number,
      'plan-lost': expect.any(Number) as number,
      'finish-lost': expect.any(Number) as number,
    });
  });

  it('gives up nothing', () => {
    expect(storm.deadLetters).toBe(0);
  });

  it('serves a quiet tenant before most of the work of a noisy one that came first', () => {
    const { chunksBefore, noisyChunks } = storm.neighbour;
    expect(noisyChunks).toBeGreaterThanOrEqual(1000);
    for (const before of chunksBefore) expect(before).toBeLessThan(noisyChunks / 10);
  });
});

function describeStorm(storm: StormReport | undefined): string[] {
  if (storm === undefined) return ['The storm did not come to its end.'];
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const { neighbour } = storm;
  return [
    `seed ${SEED}: jobs ${storm.jobs} of ${storm.tenants} tenants, ${storm.openAtOnce} of them open at once, chunks ${storm.chunks}`,
    `seconds: ${list(storm.seconds)}`,
    `kills ${storm.kills}, restarts: ${list(storm.restarts)}, faults: ${list(storm.fired)}`,
    `healed: ${list(storm.healed)}; dead letters ${storm.deadLetters}`,
    `first chunk of another tenant: ${neighbour.quietMs} ms quiet, ${neighbour.noisyMs.join(' / ')} ms behind ` +
      `${neighbour.noisyChunks} chunks, of which ${neighbour.chunksBefore.join(' / ')} went before`,
    `checks ${storm.checks}, violations ${storm.violations.length}`,
    ...storm.violations.map(({ invariant, job, found }) => `${invariant} ${job}: ${found}`),
  ];
}
