import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoDbJobStore } from '../../shared/aws/dynamodb-job-store.ts';
import type { JobStore } from '../../shared/jobs/ports/job-store.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { missingForDynamoDbLocal, startDynamoDbLocal, type DynamoDbLocal } from './dynamodb-local/dynamodb-local.ts';
import { createJobTable, freshName } from './emulator.ts';
import { drawnSteps, within } from './job-store-drawn-steps.ts';
import { OTHER_PARTITION, PARTITION, SEQUENCES } from './job-store-sequences.ts';
import { contentOf, takeSteps, type Answer } from './job-store-steps.ts';

/** The first ones are those that the emulator has too: the seed is the same. */
const RUNS = 100;
const clock = { now: () => 0, sleep: async () => {} };

const missing = await missingForDynamoDbLocal();
const name = missing === undefined ? 'DynamoDB Local' : `DynamoDB Local (skipped: ${missing})`;

describe.runIf(missing === undefined)(name, () => {
  let local: DynamoDbLocal;

  beforeAll(async () => {
    local = await startDynamoDbLocal();
  });
  afterAll(() => local[Symbol.asyncDispose]());

  async function freshStore(): Promise<JobStore> {
    return new DynamoDbJobStore({ client: local.client, tableName: await createJobTable(local.client) });
  }

  it.each(SEQUENCES.filter(({ dynamoDbLocalDeviation }) => dynamoDbLocalDeviation === undefined))(
    '$name',
    async ({ steps }) => {
      const memory = new MemoryJobStore({ clock });
      const store = await freshStore();
      const calls = steps.map(([step]) => step);
      const partitions = [PARTITION, OTHER_PARTITION];
      expect(await takeSteps(store, calls)).toEqual(await takeSteps(memory, calls));
      expect(await contentOf(store, partitions)).toEqual(await contentOf(memory, partitions));
    },
  );

  it('answers random sequences, and keeps their items, as in memory', async () => {
    const store = await freshStore();
    await fc.assert(
      fc.asyncProperty(drawnSteps, async (drawn) => {
        const pk = freshName('TENANT#');
        const calls = drawn.map((one) => within(pk, one));
        const memory = new MemoryJobStore({ clock });
        const expected = await takeSteps(memory, calls);
        expect(sameRefusal(expected, await takeSteps(store, calls))).toEqual(expected);
        expect(await contentOf(store, [pk])).toEqual(await contentOf(memory, [pk]));
      }),
      { numRuns: RUNS },
    );
  });
});

/**
 * The answers, with the expected ones in place of those that refuse a transaction for another of its faults: DynamoDB
 * Local looks for updates that do not fit before it looks at conditions, and names the first alone.
 */
function sameRefusal(expected: readonly Answer[], answers: readonly Answer[]): Answer[] {
  return answers.map((answer, index) => {
    const other = expected[index];
    const refused = other?.outcome === 'rejected' && answer.outcome === 'store-request-invalid';
    return refused && 'rejected' in Object(other.value) ? other : answer;
  });
}
