import { beforeAll, describe, expect, it } from 'vitest';
import { DynamoDbJobStore } from '../../shared/aws/dynamodb-job-store.ts';
import type { JobStore } from '../../shared/jobs/ports/job-store.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { createJobTable, dynamodb, endpoint, onEmulator } from './emulator.ts';
import { OTHER_PARTITION, PARTITION, SEQUENCES } from './job-store-sequences.ts';
import { contentOf, takeSteps } from './job-store-steps.ts';

const clock = { now: () => 0, sleep: async () => {} };
const memoryStore = (): JobStore => new MemoryJobStore({ clock });

describe('MemoryJobStore', () => {
  it.each(SEQUENCES)('$name', async ({ steps }) => {
    const answers = await takeSteps(
      memoryStore(),
      steps.map(([step]) => step),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual(steps.map(([, outcome]) => outcome));
  });
});

describe.runIf(endpoint)(onEmulator('DynamoDbJobStore'), () => {
  describe.each(SEQUENCES.filter(({ emulatorDeviation }) => emulatorDeviation === undefined))('$name', ({ steps }) => {
    let store: JobStore;
    beforeAll(async () => {
      store = new DynamoDbJobStore({ client: dynamodb, tableName: await createJobTable() });
    });

    it('as in memory, answer by answer and item by item', async () => {
      const memory = memoryStore();
      const calls = steps.map(([step]) => step);
      const expected = await takeSteps(memory, calls);
      expect(await takeSteps(store, calls)).toEqual(expected);
      const partitions = [PARTITION, OTHER_PARTITION];
      expect(await contentOf(store, partitions)).toEqual(await contentOf(memory, partitions));
    });
  });
});
