import { describe, expect, it } from 'vitest';
import { DynamoDbJobStore } from '../../shared/aws/dynamodb-job-store.ts';
import type { Condition, Item, JobStore, UpdateWrite, Write } from '../../shared/jobs/ports/job-store.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { createJobTable, dynamodb, endpoint, onEmulator } from './emulator.ts';

const PARTITION = 'TENANT#alpha';
const ANYHOW: Condition = {
  operator: 'any',
  conditions: [
    { operator: 'exists', attribute: 'pk' },
    { operator: 'absent', attribute: 'pk' },
  ],
};
const ACTIVE = { activePartition: 'active#0', dueAt: 1 };

const put = (sk: string, item: Item): Write => ({
  kind: 'put',
  key: { pk: PARTITION, sk },
  item,
  condition: ANYHOW,
});
const update = (sk: string, changes: Partial<UpdateWrite>): Write => ({
  kind: 'update',
  key: { pk: PARTITION, sk },
  condition: ANYHOW,
  ...changes,
});
/** Calls in this order on one table: later ones meet what earlier ones left. */
const CALLS: [name: string, call: (store: JobStore) => Promise<unknown>][] = [
  ['a small item', (store) => store.write(put('a', { state: 'accepted' }))],
  ['an item of 3 kB', (store) => store.write(put('b', { text: 'x'.repeat(3000) }))],
  ['a smaller image of it', (store) => store.write(put('b', {}))],
  ['a full shard', (store) => store.write(update('c', { add: { settled: new Set(Array(256).keys()), done: 256 } }))],
  ['an item that enters the index', (store) => store.write(put('d', ACTIVE))],
  ['an item that moves in the index', (store) => store.write(update('d', { set: { dueAt: 2 } }))],
  ['an item that stays in the index', (store) => store.write(update('d', { set: { version: 2 } }))],
  ['an item that leaves the index', (store) => store.write(update('d', { remove: ['dueAt'] }))],
  ['a transaction', (store) => store.transact([put('e', { text: 'x'.repeat(1500) }), put('f', {})], 'token')],
  ['the same transaction', (store) => store.transact([put('e', { text: 'x'.repeat(1500) }), put('f', {})], 'token')],
  ['a transaction with an entry of the index', (store) => store.transact([put('g', ACTIVE), put('h', {})], 'other')],
  ['a read', (store) => store.read({ pk: PARTITION, sk: 'e' })],
  ['a consistent read', (store) => store.read({ pk: PARTITION, sk: 'e' }, { consistent: true })],
  ['a read of nothing', (store) => store.read({ pk: PARTITION, sk: 'none' })],
  ['a listing', (store) => store.list({ pk: PARTITION, prefix: '', limit: 9, consistent: true })],
  ['a listing of due jobs', (store) => store.listDue('active#0', 9, 9)],
];

describe.runIf(endpoint)(onEmulator('units of capacity'), () => {
  it('are the same in memory and in DynamoDB', async () => {
    const memory = new MemoryJobStore({ clock: { now: () => 0, sleep: async () => {} } });
    let billed = 0;
    const store = new DynamoDbJobStore({
      client: dynamodb,
      tableName: await createJobTable(),
      onCapacity: (capacity) => (billed = capacity.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)),
    });
    for (const [name, call] of CALLS) {
      memory.capacity.reset();
      await Promise.all([call(memory), call(store)]);
      expect([name, memory.capacity.writeUnits + memory.capacity.readUnits]).toEqual([name, billed]);
    }
  });
});
