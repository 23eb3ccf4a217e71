import { describe, expect, it } from 'vitest';
import { refuseAboveLimit } from '../../../shared/jobs/limits.ts';
import type { UnitRange } from '../../../shared/jobs/numbering.ts';
import type { FinishWork, ProcessContext, ProcessDefinition, WorkContext } from '../../../shared/jobs/process.ts';
import { runInline } from '../../../shared/jobs/run-inline.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { numbersProcess } from '../../helpers/numbers-process.ts';

const CONTEXT = { clock: new ManualClock() } as unknown as ProcessContext;
const NUMBERS = numbersProcess() as unknown as ProcessDefinition;
const inputs = (units: number, more: object = {}) => ({
  datasets: [
    { id: 'a', units },
    { id: 'b', units: 1 },
  ],
  chunkUnits: 2,
  failing: [],
  empty: [],
  toleratedFailurePercentage: 50,
  ...more,
});

/** The numbers process, whose finish hands out what it was given. */
function telling() {
  const told: { plan: string; counts: object; payloads: string[] }[] = [];
  const units: (readonly UnitRange[])[] = [];
  const finish = async (_context: ProcessContext, { datasets, inputs: given }: FinishWork<unknown, unknown>) => {
    for (const { plan, counts, layers } of datasets) {
      const payloads: string[] = [];
      for (const layer of layers) {
        for await (const payload of layer) payloads.push(new TextDecoder().decode(payload));
        for await (const { ranges } of layer.stored()) units.push(ranges);
      }
      told.push({ plan: plan.id, counts, payloads });
    }
    return { results: { given }, artifacts: [] };
  };
  return { process: { ...NUMBERS, finish } as unknown as ProcessDefinition, told, units };
}

describe('runInline', () => {
  it('runs every unit of every dataset in order, and finishes with all of them', async () => {
    const { process, told } = telling();
    const given = inputs(5, { empty: [3] });
    expect(await runInline(process, given, CONTEXT)).toEqual({ given });
    expect(told).toEqual([
      { plan: 'a', counts: { done: 4, failed: 0, skipped: 1, bytes: 5 }, payloads: ['0 1', '2', '4'] },
      { plan: 'b', counts: { done: 1, failed: 0, skipped: 0, bytes: 1 }, payloads: ['0'] },
    ]);
  });

  it('runs no chunk beyond the last unit', async () => {
    const { process, told, units } = telling();
    await runInline(process, inputs(4), CONTEXT);
    expect(told[0]?.payloads).toEqual(['0 1', '2 3']);
    expect(units).toEqual([[{ start: 0, end: 2 }], [{ start: 2, end: 4 }], [{ start: 0, end: 1 }]]);
  });

  it('takes up to eight chunks', async () => {
    const { process } = telling();
    await expect(runInline(process, inputs(14), CONTEXT)).resolves.toBeDefined();
    await expect(runInline(process, inputs(15), CONTEXT)).rejects.toMatchObject({
      code: 'too-large-for-sync',
      retryable: false,
      detail: 'This execution has 9 chunks: too much to be run while the caller waits.',
      actual: 9,
      remedy: 'Execute it asynchronously: send the header Prefer: respond-async.',
    });
  });

  it('gives no output file', async () => {
    await expect(runInline(NUMBERS, inputs(1), CONTEXT)).rejects.toMatchObject({
      code: 'too-large-for-sync',
      detail: 'This execution has 1 output files: too much to be run while the caller waits.',
    });
  });

  it('gives the process what its caller has, and no files between its chunks', async () => {
    const given: WorkContext[] = [];
    const runChunk: ProcessDefinition['runChunk'] = async (context) => {
      given.push(context);
      throw new Error('seen');
    };
    await expect(runInline({ ...NUMBERS, runChunk }, inputs(1), CONTEXT)).rejects.toThrow('seen');
    expect(given[0]?.clock).toBe(CONTEXT.clock);
    const files = given[0]!.files;
    for (const use of [() => files.create('a'), () => files.open('a', 1)]) {
      expect(use).toThrow(expect.objectContaining({ code: 'too-large-for-sync' }) as Error);
    }
  });

  it('fails with the first unit that fails', async () => {
    await expect(runInline(NUMBERS, inputs(3, { failing: [1, 2] }), CONTEXT)).rejects.toMatchObject({
      code: 'unit-bad',
      retryable: false,
      detail: 'Unit 1 is bad.',
    });
  });
});

describe('refuseAboveLimit', () => {
  it('lets a job have as many units as its tenant may ask for, and no more', () => {
    expect(() => refuseAboveLimit(10, 10)).not.toThrow();
    expect(() => refuseAboveLimit(11, 10)).toThrow(
      expect.objectContaining({
        code: 'tenant-limit-exceeded',
        retryable: false,
        detail: 'The job has 11 units, your limit is 10 for one job.',
        limit: 10,
        actual: 11,
        remedy: 'Ask for fewer zoom levels or a smaller area, split the job, or have the limit raised.',
      }),
    );
  });
});
