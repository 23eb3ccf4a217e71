import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DynamoDbJobStore } from '../../shared/aws/dynamodb-job-store.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { createJobTable, dynamodb, endpoint, freshName, onEmulator } from './emulator.ts';
import { drawnSteps, within } from './job-store-drawn-steps.ts';
import { contentOf, takeSteps } from './job-store-steps.ts';

const RUNS = 60;

describe.runIf(endpoint)(onEmulator('random sequences of writes'), () => {
  it('have the same answers and leave the same items in memory and in DynamoDB', async () => {
    const store = new DynamoDbJobStore({ client: dynamodb, tableName: await createJobTable() });
    const clock = { now: () => 0, sleep: async () => {} };
    await fc.assert(
      fc.asyncProperty(drawnSteps, async (drawn) => {
        const pk = freshName('TENANT#');
        const calls = drawn.map((one) => within(pk, one));
        const memory = new MemoryJobStore({ clock });
        expect(await takeSteps(store, calls)).toEqual(await takeSteps(memory, calls));
        expect(await contentOf(store, [pk])).toEqual(await contentOf(memory, [pk]));
      }),
      { numRuns: RUNS },
    );
  });
});
